package bpnn.mnist;

import bpnn.data.DataException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to change the cache, held by one thread of one program at a time. The empty file {@code .lock} stays, since
 * deleting it would let two programs lock two files of the same name.
 */
final class CacheLock {
    /** A file lock belongs to the whole virtual machine; this one keeps its threads apart. */
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final FileChannel channel;

    private CacheLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for the right, and creates the cache folder if there is none.
     *
     * @throws DataException if the folder cannot be created or written
     */
    static CacheLock acquire(Path cache) {
        THREADS.lock();
        try {
            return new CacheLock(lockedFile(cache));
        } catch (IOException e) {
            THREADS.unlock();
            throw new DataException(
                    "The cache folder " + cache + " cannot be written: " + FileFaults.reason(e)
                            + "; name another one with -Dbpnn.cache=DIR.",
                    e);
        }
    }

    private static FileChannel lockedFile(Path cache) throws IOException {
        Files.createDirectories(cache);
        FileChannel channel =
                FileChannel.open(cache.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            channel.lock();
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Gives the right back; called once, by the thread that holds it. */
    void release() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new DataException("The lock in the cache cannot be released: " + FileFaults.reason(e) + ".", e);
        } finally {
            THREADS.unlock();
        }
    }
}

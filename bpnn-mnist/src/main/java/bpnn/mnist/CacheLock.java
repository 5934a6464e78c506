package bpnn.mnist;

import bpnn.data.DataException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An exclusive lock on the cache, across threads and processes. The empty file {@code .lock} is never deleted, since
 * two processes could then lock two files of the same name.
 */
final class CacheLock {
    /** A file lock is held per JVM; this lock excludes other threads of the same JVM. */
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final FileChannel channel;

    private CacheLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Acquires the lock, and creates the cache folder if necessary.
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
                    "The cache folder " + cache + " cannot be written: " + FileErrors.reason(e)
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

    /** Releases the lock; called once, by the thread that holds it. */
    void release() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new DataException("The lock in the cache cannot be released: " + FileErrors.reason(e) + ".", e);
        } finally {
            THREADS.unlock();
        }
    }
}

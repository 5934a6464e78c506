package bpnn.io.file;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A file, or a folder with everything in it. */
public final class FileTree {
    /** Of removing a folder into which others still write. */
    private static final int ATTEMPTS = 10;

    private FileTree() {}

    /**
     * Removes a file, or a folder with everything in it; nothing happens if it is not there. Others may remove files in
     * it, or add some, at the same time. Links are removed, not what they lead to.
     */
    public static void remove(Path root) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                Files.walkFileTree(root, new Remover());
                return;
            } catch (DirectoryNotEmptyException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static final class Remover extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            return unlessRemoved(e);
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
            if (e != null) {
                unlessRemoved(e);
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }

        private static FileVisitResult unlessRemoved(IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }
    }
}

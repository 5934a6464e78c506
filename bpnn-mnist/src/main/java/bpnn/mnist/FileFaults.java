package bpnn.mnist;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What the file system reports, in words for a sentence. */
final class FileFaults {
    private FileFaults() {}

    /** The reason behind an exception, without class names and without repeating the path. */
    static String reason(IOException fault) {
        if (fault instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (fault instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (fault instanceof FileAlreadyExistsException) {
            return "a file of that name is in the way";
        }
        if (fault instanceof FileSystemException detailed) {
            // Without a reason, the message is nothing but the path.
            return detailed.getReason() == null ? "the file system refuses" : detailed.getReason();
        }
        String message = fault.getMessage();
        return message == null ? fault.getClass().getSimpleName() : message;
    }
}

package bpnn.mnist;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** File-system errors as text for messages. */
final class FileErrors {
    private FileErrors() {}

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
            // Without a reason, the message is only the path.
            return detailed.getReason() == null ? "the file system refuses" : detailed.getReason();
        }
        String message = fault.getMessage();
        return message == null ? fault.getClass().getSimpleName() : message;
    }
}

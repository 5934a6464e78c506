package bpnn.app.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Whether a file has become another one since it was last looked at. Also on a shared folder, which tells nobody of changes. */
final class FileWatch {
    private final Path file;
    private @Nullable State known;

    private record State(long size, long modified, String key) {}

    FileWatch(Path file) {
        this.file = file;
    }

    /** True once for each change; a file that is not there is none. */
    boolean hasChanged() {
        State now = state();
        boolean changed = now != null && !now.equals(known);
        known = now;
        return changed;
    }

    /** Takes what is there for a change next time. */
    void forget() {
        known = null;
    }

    /** When it was last written, in milliseconds; below that of any file if there is none. */
    long modified() {
        return known == null ? Long.MIN_VALUE : known.modified;
    }

    private @Nullable State state() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new State(
                    attributes.size(), attributes.lastModifiedTime().toMillis(), String.valueOf(attributes.fileKey()));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException gone) {
            // A shared folder may be out of reach for a while; what is known stays.
            return known;
        }
    }
}

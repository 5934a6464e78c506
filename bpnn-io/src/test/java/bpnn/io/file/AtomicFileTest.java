package bpnn.io.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void aFullDiskLeavesTheOldContentAndNothingElse() throws IOException {
        Path file = folder.resolve("f");
        AtomicFile.write(file, "old");

        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write(new byte[100_000]);
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(DataException.class)
                .hasMessage(file + " could not be written: No space left on device.");

        assertThat(file).hasContent("old");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void theOldContentIsReplacedAsAWhole() {
        Path file = folder.resolve("f");
        AtomicFile.write(file, "old and long");
        AtomicFile.write(file, "new");

        assertThat(file).hasContent("new");
    }

    @Test
    void aMissingFolderIsNamed() {
        Path file = folder.resolve("none/f");

        assertThatThrownBy(() -> AtomicFile.write(file, "x"))
                .isInstanceOf(DataException.class)
                .hasMessage(file + " could not be written: there is no such file or folder.");
    }
}

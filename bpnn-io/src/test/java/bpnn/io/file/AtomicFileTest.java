package bpnn.io.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.data.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
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

    @Test
    void aLinkStaysAndWhatItLeadsToIsWritten() throws IOException {
        Path folderOfFile = Files.createDirectories(folder.resolve("there"));
        Path file = folderOfFile.resolve("f");
        Path second = Files.createSymbolicLink(folderOfFile.resolve("second"), Path.of("f"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), second);

        for (String content : new String[] {"through a link to nothing", "through a link to a file"}) {
            AtomicFile.write(link, content);

            assertThat(Files.isSymbolicLink(link)).isTrue();
            assertThat(Files.isSymbolicLink(second)).isTrue();
            assertThat(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).isTrue();
            assertThat(file).hasContent(content);
        }
    }

    @Test
    void linksInACircleAreAnError() throws IOException {
        Path a = folder.resolve("a");
        Path b = Files.createSymbolicLink(folder.resolve("b"), a);
        Files.createSymbolicLink(a, b);

        assertThatThrownBy(() -> AtomicFile.write(a, "x"))
                .isInstanceOf(DataException.class)
                .hasMessage(a + " could not be written: its links lead nowhere.");
    }

    @Test
    void aFolderIsNotReplaced() throws IOException {
        Path place = Files.createDirectory(folder.resolve("d"));

        assertThatThrownBy(() -> AtomicFile.write(place, "x"))
                .hasMessage(place + " could not be written: it is a folder.");
        assertThat(place).isEmptyDirectory();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDeviceIsWrittenStraightAndStaysADevice() {
        Path full = Path.of("/dev/full");

        assertThatThrownBy(() -> AtomicFile.write(full, "x"))
                .hasMessage("/dev/full could not be written: No space left on device.");
        AtomicFile.write(Path.of("/dev/null"), "x");

        assertThat(Files.isRegularFile(full)).isFalse();
        assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aPipeIsWrittenStraight() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Process reader = new ProcessBuilder("cat", pipe.toString()).start();

        AtomicFile.write(pipe, "through a pipe");

        assertThat(new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("through a pipe");
        assertThat(Files.isRegularFile(pipe)).isFalse();
    }
}

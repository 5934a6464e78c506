package bpnn.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.spi.Availability.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCacheTest {
    @TempDir
    Path folder;

    @Test
    void aWritableExecutableFolderIsUsable() {
        assertThat(cache("/dev/vda / ext4 rw,relatime 0 0").obstacle()).isNull();
    }

    @Test
    void theFolderNeedNotExistYet() {
        assertThat(new NativeCache(folder.resolve("a/b/c"), List.of()).obstacle())
                .isNull();
    }

    @Test
    void noexecIsAReason() {
        assertThat(cache("/dev/vda / ext4 rw 0 0", "tmpfs " + folder + " tmpfs rw,nosuid,noexec 0 0")
                        .obstacle())
                .satisfies(found -> says(found, "noexec"));
    }

    @Test
    void theInnermostMountCounts() {
        assertThat(cache("tmpfs " + folder.getParent() + " tmpfs rw,noexec 0 0", "tmpfs " + folder + " tmpfs rw 0 0")
                        .obstacle())
                .isNull();
        assertThat(cache("tmpfs " + folder + "/elsewhere tmpfs rw,noexec 0 0").obstacle())
                .isNull();
    }

    @Test
    void mountPointsMayContainSpaces() {
        Path spaced = folder.resolve("with space");
        assertThat(spaced.toFile().mkdir()).isTrue();
        List<String> mounts = List.of("tmpfs " + spaced.toString().replace(" ", "\\040") + " tmpfs noexec 0 0");
        assertThat(new NativeCache(spaced, mounts).obstacle()).satisfies(found -> says(found, "noexec"));
    }

    @Test
    void anUncreatableFolderIsAReason() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(new NativeCache(file.resolve("cache"), List.of()).obstacle())
                .satisfies(found -> says(found, "cannot be written to"));
    }

    private NativeCache cache(String... mounts) {
        return new NativeCache(folder, List.of(mounts));
    }

    private static void says(Unavailable found, String reason) {
        assertThat(found.reason()).contains(reason);
        assertThat(found.hint()).contains("-D" + NativeCache.PROPERTY);
    }
}

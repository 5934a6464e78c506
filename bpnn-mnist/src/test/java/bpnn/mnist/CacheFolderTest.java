package bpnn.mnist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheFolderTest {

    @Test
    void aSystemPropertyNamesTheCache() {
        assertThat(folder(
                        Map.of("bpnn.cache", "/big/disk", "user.home", "/home/ada"), Map.of("XDG_CACHE_HOME", "/xdg")))
                .isEqualTo(Path.of("/big/disk"));
    }

    @Test
    void theXdgVariableComesNextUnlessItIsRelative() {
        Map<String, String> properties = Map.of("user.home", "/home/ada", "os.name", "Linux");
        assertThat(folder(properties, Map.of("XDG_CACHE_HOME", "/xdg"))).isEqualTo(Path.of("/xdg/bpnn"));
        assertThat(folder(properties, Map.of("XDG_CACHE_HOME", "xdg"))).isEqualTo(Path.of("/home/ada/.cache/bpnn"));
    }

    @Test
    void eachPlatformHasItsDefaultFolder() {
        assertThat(folder(Map.of("user.home", "/home/ada", "os.name", "Linux"), Map.of()))
                .isEqualTo(Path.of("/home/ada/.cache/bpnn"));
        assertThat(folder(Map.of("user.home", "/Users/ada", "os.name", "Mac OS X"), Map.of()))
                .isEqualTo(Path.of("/Users/ada/Library/Caches/bpnn"));
        assertThat(folder(Map.of("user.home", "/Users/ada", "os.name", "Windows 11"), Map.of("LOCALAPPDATA", "/local")))
                .isEqualTo(Path.of("/local/bpnn"));
    }

    private static Path folder(Map<String, String> properties, Map<String, String> environment) {
        return CacheFolder.root(properties::get, environment::get);
    }
}

package bpnn.cuda;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Searches for NVIDIA's libraries: in folders named by the user, in {@code LD_LIBRARY_PATH}, in the cache of the
 * dynamic linker, and in the usual locations of toolkit and driver.
 */
final class LibrarySearch {
    private static final Path INDEX = Path.of("/etc/ld.so.cache");
    private static final Path TOOLKITS = Path.of("/usr/local");
    private static final List<Path> USUAL = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu"),
            Path.of("/usr/lib64"),
            // Driver locations in containers and under WSL.
            Path.of("/usr/local/nvidia/lib64"),
            Path.of("/usr/lib/wsl/lib"),
            Path.of("/usr/lib"));

    private final List<Path> first;
    private final List<Path> last;
    private final Path index;

    private LibrarySearch(List<Path> first, Path index, List<Path> last) {
        this.first = first;
        this.index = index;
        this.last = last;
    }

    /** The search for this machine. */
    static LibrarySearch of(Settings settings) {
        List<Path> first = new ArrayList<>();
        settings.libraries().forEach(folder -> first.addAll(within(folder)));
        first.addAll(settings.loaderPath());
        List<Path> last = new ArrayList<>();
        for (Path toolkit : matching(TOOLKITS, "cuda*")) {
            last.add(toolkit.resolve("lib64"));
        }
        last.addAll(USUAL);
        return new LibrarySearch(first, INDEX, last);
    }

    /** A search in these folders only. */
    static LibrarySearch in(List<Path> folders) {
        return new LibrarySearch(folders, Path.of(""), List.of());
    }

    /** A folder named by the user may contain the libraries, be a toolkit, or a Python site-packages folder. */
    private static List<Path> within(Path folder) {
        List<Path> folders = new ArrayList<>();
        folders.add(folder);
        folders.add(folder.resolve("lib64"));
        folders.add(folder.resolve("lib"));
        matching(folder, "*").forEach(part -> folders.add(part.resolve("lib")));
        matching(folder.resolve("nvidia"), "*").forEach(part -> folders.add(part.resolve("lib")));
        return folders;
    }

    private static List<Path> matching(Path folder, String pattern) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
                entries.forEach(found::add);
            } catch (IOException e) {
                // Nothing can be loaded from an unreadable folder.
                return List.of();
            }
        }
        found.sort(null);
        return found;
    }

    /** The file of a library, such as {@code libcuda.so.1}. */
    Optional<Path> find(String library) {
        Optional<Path> found = find(first, library);
        if (found.isEmpty()) {
            found = LinkerCache.find(index, library).filter(Files::isRegularFile);
        }
        return found.isPresent() ? found : find(last, library);
    }

    private static Optional<Path> find(List<Path> folders, String library) {
        return folders.stream()
                .map(folder -> folder.resolve(library))
                .filter(Files::isRegularFile)
                .map(Path::toAbsolutePath)
                .findFirst();
    }

    /** The files next to {@code library} whose names match, sorted by name. */
    static List<Path> beside(Path library, String pattern) {
        Path folder = library.getParent();
        return folder == null ? List.of() : matching(folder, pattern);
    }
}

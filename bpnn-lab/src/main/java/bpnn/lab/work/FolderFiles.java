package bpnn.lab.work;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of a folder, as they travel from one machine to another. */
public final class FolderFiles {
    private FolderFiles() {}

    /** All files, by their paths within the folder with slashes. */
    public static SortedMap<String, byte[]> read(Path folder) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> found = all.filter(Files::isRegularFile).toList();
            for (Path file : found) {
                files.put(folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        }
        return files;
    }

    /** Writes files that {@link #read} has read. */
    public static void write(Path folder, SortedMap<String, byte[]> files) throws IOException {
        Files.createDirectories(folder);
        for (String name : files.keySet()) {
            Path file = folder.resolve(name).normalize();
            if (!file.startsWith(folder.normalize())) {
                throw new IOException("A file named " + name + " does not belong into " + folder);
            }
            Files.createDirectories(file.getParent());
            Files.write(file, files.get(name));
        }
    }
}

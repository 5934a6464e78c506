package bpnn.images;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.io.file.NaturalOrder;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The pictures of a folder that has one folder for each class.
 *
 * @param root the folder
 * @param classes names of the folders that hold pictures
 * @param entries the pictures, in the order of the data set
 * @param warnings about folders that hold none
 */
record PictureList(Path root, List<String> classes, List<Entry> entries, List<String> warnings) {
    private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "jpe", "bmp", "gif", "tif", "tiff", "wbmp");
    private static final Pattern NUMBERED = Pattern.compile("(?:.*/)?([0-9]{1,18})\\.[A-Za-z]+");

    /**
     * A picture.
     *
     * @param path from the root, with slashes
     * @param label the place of its class
     * @param size bytes of its file
     * @param modified when its file was last written, in nanoseconds
     */
    record Entry(String path, int label, long size, long modified) {}

    static boolean isPicture(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot > 0 && ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    /** The folders in a folder, in natural order, but for hidden ones. */
    static List<Path> folders(Path root) {
        try (Stream<Path> entries = Files.list(root)) {
            return entries.filter(entry -> Files.isDirectory(entry) && !isHidden(entry))
                    .sorted(Comparator.comparing(entry -> String.valueOf(entry.getFileName()), NaturalOrder.INSTANCE))
                    .toList();
        } catch (IOException e) {
            throw unreadable(root, e);
        }
    }

    private static boolean isHidden(Path entry) {
        String name = String.valueOf(entry.getFileName());
        return name.startsWith(".") || name.startsWith("__MACOSX");
    }

    /**
     * Lists the pictures. Where all files are called by different numbers, as those of sets that were exported image by
     * image are, they are in the order of these; else in one that is drawn by a seed, so that the end of the list is a fair
     * sample of it.
     *
     * @param stream tells the lists of one seed apart
     */
    static PictureList of(Path root, long seed, int stream) {
        List<String> classes = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (Path folder : folders(root)) {
            int before = entries.size();
            list(root, folder, classes.size(), entries);
            if (entries.size() == before) {
                warnings.add("The folder " + folder + " holds no picture, so there is no class of its name.");
            } else {
                classes.add(ClassName.clean(String.valueOf(folder.getFileName())));
            }
        }
        return new PictureList(root, classes, ordered(entries, seed, stream), warnings);
    }

    private static void list(Path root, Path folder, int label, List<Entry> entries) {
        try {
            Files.walkFileTree(
                    folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                            if (attributes.isRegularFile() && isPicture(file) && !isHidden(file)) {
                                String path = root.relativize(file).toString().replace('\\', '/');
                                long modified = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
                                entries.add(new Entry(path, label, attributes.size(), modified));
                            }
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static List<Entry> ordered(List<Entry> entries, long seed, int stream) {
        long[] numbers = new long[entries.size()];
        Set<Long> distinct = new HashSet<>();
        boolean numbered = true;
        for (int i = 0; i < numbers.length && numbered; i++) {
            Matcher name = NUMBERED.matcher(entries.get(i).path);
            numbered = name.matches();
            if (numbered) {
                numbers[i] = Long.parseLong(name.group(1));
                numbered = distinct.add(numbers[i]);
            }
        }
        if (numbered) {
            return IntStream.range(0, numbers.length)
                    .boxed()
                    .sorted(Comparator.comparingLong(i -> numbers[i]))
                    .map(entries::get)
                    .toList();
        }
        entries.sort(Comparator.comparing(Entry::path));
        int[] order = IntStream.range(0, entries.size()).toArray();
        new RandomStream(seed, Purpose.SPLIT, stream, 1).shuffle(order);
        return IntStream.of(order).mapToObj(entries::get).toList();
    }

    private static DataException unreadable(Path folder, IOException e) {
        return new DataException("The folder " + folder + " cannot be read: " + AtomicFile.reason(e) + ".", e);
    }
}

package bpnn.mnist;

import bpnn.data.DataException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * MNIST from a folder, from the user's cache, or from the network.
 *
 * <p>In every case the SHA-256 of each uncompressed file must match the original, so a result labelled MNIST was
 * obtained on MNIST.
 */
public final class MnistSource {
    /** SHA-256 of the original files, uncompressed. */
    private static final Map<String, String> ORIGINAL_SUMS = Map.of(
            "train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");

    private static final List<URI> PUBLIC_MIRRORS = List.of(
            URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
            URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/"));

    /** Several times the largest file. */
    private static final long MAX_BYTES = 1L << 26;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String NAME = "mnist";

    private final Path cache;
    private final Map<String, String> sums;
    private final MirroredDownload download;

    /** The original files, their public mirrors, and the cache of this user. */
    public MnistSource() {
        this(CacheFolder.of(NAME), PUBLIC_MIRRORS, ORIGINAL_SUMS, PATIENCE);
    }

    /**
     * A source with other files, for custom mirrors.
     *
     * @param cache folder for downloaded files
     * @param mirrors web folders, tried in this order; each address ends with a slash
     * @param sums SHA-256 of the unpacked content, in lower-case hexadecimal digits, by unpacked file name
     * @param patience time limit for a server without data
     */
    public MnistSource(Path cache, List<URI> mirrors, Map<String, String> sums, Duration patience) {
        this.cache = cache;
        this.sums = Map.copyOf(sums);
        this.download = new MirroredDownload("MNIST", cache, mirrors, patience);
    }

    /** The public mirrors. */
    public static List<URI> mirrors() {
        return PUBLIC_MIRRORS;
    }

    /** An original file as it is served, packed: checked by its unpacked content. */
    public static RemoteFile original(String unpackedName, long packedBytes) {
        return new RemoteFile(unpackedName + ".gz", ORIGINAL_SUMS.getOrDefault(unpackedName, ""), true, packedBytes);
    }

    /** The cache folder; it need not exist. */
    public Path cache() {
        return cache;
    }

    /**
     * Locates MNIST without reading it and without the network.
     *
     * @param dataDir the folder to search before the cache, or null
     * @return the first of the two folders that holds all four files
     * @throws DataException if {@code dataDir} is not a folder, or holds some of the files but not all
     */
    public Optional<Path> locate(@Nullable Path dataDir) {
        if (dataDir != null) {
            IdxFolder.requireFolder(dataDir);
            Optional<IdxFiles> given = files(dataDir);
            if (given.isPresent()) {
                IdxFolder.requireAll(dataDir, given.get());
                return Optional.of(dataDir);
            }
        }
        return files(cache).filter(IdxFiles::isWhole).map(found -> cache);
    }

    private static Optional<IdxFiles> files(Path folder) {
        return Optional.ofNullable(IdxFiles.find(folder).get(""));
    }

    /**
     * Reads MNIST from where {@link #locate} finds it.
     *
     * @throws DataException as {@code locate} does, or if a file cannot be read or is not the original
     */
    public Optional<DataSplit> find(@Nullable Path dataDir) {
        return locate(dataDir).map(this::read);
    }

    /**
     * Downloads MNIST into the cache, unless it is there already, and reads it. Concurrent processes wait for each
     * other. An interrupted download is resumed.
     *
     * @throws DataException if no mirror has an intact copy of each file, or the cache cannot be written
     */
    public DataSplit download(DownloadProgress progress) {
        download.fetchAll(
                Arrays.stream(IdxPart.values()).map(this::remote).toList(), this::present, () -> {}, progress);
        return read(cache);
    }

    private RemoteFile remote(IdxPart part) {
        return new RemoteFile(part.packedName(), sums.getOrDefault(part.fileName(), ""), true, MAX_BYTES);
    }

    private Optional<Path> present(RemoteFile file) {
        return files(cache).stream()
                .flatMap(found -> found.parts().entrySet().stream())
                .filter(part -> part.getKey().packedName().equals(file.name()))
                .map(Map.Entry::getValue)
                .filter(file::matches)
                .findFirst();
    }

    private DataSplit read(Path folder) {
        IdxFiles found = files(folder).orElseThrow();
        Map<IdxPart, IdxFile> files = IdxFolder.read(found);
        files.forEach((part, file) -> {
            if (!file.sha256().equals(sums.get(part.fileName()))) {
                throw new DataException("The file " + file.path() + " has a checksum that does not match the original "
                        + "MNIST's; delete it and fetch it again, or load its folder as a data set of its own.");
            }
        });
        return IdxFolder.split(NAME, found, files, Optional.empty()).published(NAME);
    }
}

package bpnn.images;

import bpnn.data.DataException;
import bpnn.data.Dataset;
import bpnn.data.ImageFormat;
import bpnn.images.KnownDataset.Packing;
import bpnn.mnist.CacheFolder;
import bpnn.mnist.DataSplit;
import bpnn.mnist.DownloadProgress;
import bpnn.mnist.IdxFolder;
import bpnn.mnist.MirroredDownload;
import bpnn.mnist.MnistSource;
import bpnn.mnist.RemoteFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A data set that is known by name, from a folder, from the user's cache, or from the network. What is labelled with its name
 * was checked against its checksums.
 */
public final class DatasetStore {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KnownDataset known;
    private final Path cache;
    private final List<URI> mirrors;
    private final List<RemoteFile> files;
    private final Duration patience;

    /** The published files, their mirrors, and the cache of this user. */
    public DatasetStore(KnownDataset known) {
        this(
                known,
                CacheFolder.of(known.packing() == Packing.EMNIST ? "emnist" : known.id()),
                known.mirrors(),
                known.files(),
                PATIENCE);
    }

    /**
     * A store with other files, for mirrors of one's own.
     *
     * @param cache folder for downloaded files
     * @param mirrors web folders, tried in this order; each address ends with a slash
     * @param files in the order in which they are fetched
     * @param patience time limit for a server without data
     */
    DatasetStore(KnownDataset known, Path cache, List<URI> mirrors, List<RemoteFile> files, Duration patience) {
        this.known = known;
        this.cache = cache;
        this.mirrors = List.copyOf(mirrors);
        this.files = List.copyOf(files);
        this.patience = patience;
    }

    /** Which data set. */
    public KnownDataset known() {
        return known;
    }

    /** The cache folder; it need not exist. */
    public Path cache() {
        return cache;
    }

    /**
     * Where the data set lies, found without reading all of it and without the network.
     *
     * @param dataDir the folder to search before the cache, or null
     * @return the first of the two folders that holds all its files
     * @throws DataException if {@code dataDir} is not a folder, or holds some of the files but not all
     */
    public Optional<Path> locate(@Nullable Path dataDir) {
        if (known.equals(KnownDataset.MNIST)) {
            return new MnistSource().locate(dataDir);
        }
        if (dataDir != null && holdsFiles(dataDir)) {
            return Optional.of(dataDir);
        }
        return isCached() ? Optional.of(cache) : Optional.empty();
    }

    private boolean holdsFiles(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(
                    "The data folder " + folder + (Files.exists(folder) ? " is a file." : " does not exist."));
        }
        List<String> missing = files.stream()
                .map(RemoteFile::name)
                .filter(name -> !Files.isRegularFile(folder.resolve(name)))
                .toList();
        if (!missing.isEmpty() && missing.size() < files.size()) {
            throw new DataException("The folder " + folder + " lacks " + String.join(", ", missing) + ".");
        }
        return missing.isEmpty();
    }

    private boolean isCached() {
        return known.packing() == Packing.IDX
                ? files.stream().allMatch(file -> Files.isRegularFile(cache.resolve(file.name())))
                : new UnpackedArchive(cache, members()).isThere();
    }

    private List<String> members() {
        return known.packing() == Packing.CIFAR ? UnpackedArchive.CIFAR : UnpackedArchive.emnist(known.id());
    }

    /**
     * Reads the data set from where {@link #locate} finds it.
     *
     * @throws DataException as {@code locate} does, or if a file cannot be read or is not the published one
     */
    public Optional<DataSplit> find(@Nullable Path dataDir) {
        if (known.equals(KnownDataset.MNIST)) {
            return new MnistSource().find(dataDir);
        }
        return locate(dataDir).map(this::read);
    }

    /**
     * Downloads the data set into the cache, unless it is there already, and reads it. Concurrent processes wait for each
     * other. An interrupted download is resumed.
     *
     * @throws DataException if no mirror has an intact copy of each file, or the cache cannot be written
     */
    public DataSplit download(DownloadProgress progress) {
        if (known.equals(KnownDataset.MNIST)) {
            return new MnistSource().download(progress);
        }
        MirroredDownload download = new MirroredDownload(known.name(), cache, mirrors, patience);
        download.fetchAll(files, this::present, () -> unpack(cache, true), progress);
        return read(cache);
    }

    private Optional<Path> present(RemoteFile file) {
        Path place = cache.resolve(file.name());
        boolean unpacked = known.packing() != Packing.IDX && isCached();
        return unpacked || file.matches(place) ? Optional.of(place) : Optional.empty();
    }

    private void unpack(Path folder, boolean owned) {
        UnpackedArchive unpacked = new UnpackedArchive(cache, members());
        if (known.packing() != Packing.IDX && !unpacked.isThere()) {
            Path archive = folder.resolve(files.get(0).name());
            if (!files.get(0).matches(archive)) {
                throw wrong(archive);
            }
            if (known.packing() == Packing.EMNIST) {
                // It takes long to fetch, so what else is known in it comes along.
                new UnpackedArchive(cache, UnpackedArchive.emnist(KnownDataset.EMNIST_LETTERS.id())).unpack(archive);
                new UnpackedArchive(cache, UnpackedArchive.emnist(KnownDataset.EMNIST_BALANCED.id())).unpack(archive);
            } else {
                unpacked.unpack(archive);
            }
            if (owned) {
                UnpackedArchive.delete(archive);
            }
        }
    }

    private DataSplit read(Path folder) {
        if (known.packing() == Packing.IDX) {
            for (RemoteFile file : files) {
                if (!file.matches(folder.resolve(file.name()))) {
                    throw wrong(folder.resolve(file.name()));
                }
            }
            return named(IdxFolder.load(folder));
        }
        unpack(folder, false);
        new UnpackedArchive(cache, members()).check();
        return named(
                known.packing() == Packing.CIFAR
                        ? CifarSet.load(known.id(), cache, ReadOptions.standard())
                        : IdxFolder.load(cache.resolve(known.id())));
    }

    private DataException wrong(Path file) {
        return new DataException("The file " + file + " has a checksum that does not match the one published for "
                + known.id() + "; delete it and fetch it again, or load its folder as a data set of its own: --dataset "
                + file.toAbsolutePath().getParent() + ".");
    }

    /** The data set under its own name, with the names of its classes. */
    private DataSplit named(DataSplit split) {
        return new DataSplit(
                        named(split.train()),
                        split.validation(),
                        named(split.test()),
                        split.trainSha256(),
                        split.testSha256(),
                        split.facts(),
                        split.warnings())
                .published(known.id());
    }

    private Dataset named(Dataset data) {
        List<String> names = known.classNames().isEmpty() ? data.classNames() : known.classNames();
        if (names.size() != data.classes()) {
            throw new DataException("The data set " + known.id() + " should have " + names.size() + " classes, but has "
                    + data.classes() + ".");
        }
        ImageFormat format =
                new ImageFormat(data.format().shape(), names, data.format().framing());
        return new Dataset(known.id(), format, data.pixels(), data.labels());
    }
}

package bpnn.images;

import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.mnist.Sha256;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Files of a cache folder that came out of an archive whose checksum was right. Their own checksums, taken then, lie beside
 * them.
 */
final class UnpackedArchive {
    /** The members of CIFAR-10's binary version. */
    static final List<String> CIFAR = Stream.concat(
                    IntStream.rangeClosed(1, 5).mapToObj(i -> "data_batch_" + i + ".bin"),
                    Stream.of("test_batch.bin", "batches.meta.txt"))
            .toList();

    /** More than the largest member takes. */
    private static final long MAX_BYTES = 1L << 30;

    private final Path folder;
    private final List<String> members;

    /** @param members names of the wanted files, wherever they lie in the archive */
    UnpackedArchive(Path folder, List<String> members) {
        this.folder = folder;
        this.members = members;
    }

    /** The members of one of EMNIST's sets. */
    static List<String> emnist(String set) {
        return Stream.of(
                        "train-images-idx3-ubyte.gz",
                        "train-labels-idx1-ubyte.gz",
                        "test-images-idx3-ubyte.gz",
                        "test-labels-idx1-ubyte.gz",
                        "mapping.txt")
                .map(part -> set + "-" + part)
                .toList();
    }

    private Path sums() {
        return folder.resolve(members.get(0) + ".SHA256SUMS");
    }

    /** Whether all members were unpacked; the checksums are written last. */
    boolean isThere() {
        return Files.isRegularFile(sums())
                && members.stream().allMatch(member -> Files.isRegularFile(folder.resolve(member)));
    }

    /**
     * Unpacks the wanted members, each whole or not at all.
     *
     * @throws DataException if it cannot be read, lacks a member, or the folder cannot be written
     */
    void unpack(Path archive) {
        Set<String> missing = new HashSet<>(members);
        Map<String, String> hashes = new TreeMap<>();
        try {
            Files.createDirectories(folder);
            if (String.valueOf(archive.getFileName()).endsWith(".zip")) {
                unzip(archive, missing, hashes);
            } else {
                untar(archive, missing, hashes);
            }
            if (!missing.isEmpty()) {
                throw new DataException("The archive " + archive + " lacks "
                        + String.join(", ", missing.stream().sorted().toList()) + ".");
            }
            AtomicFile.write(
                    sums(),
                    hashes.entrySet().stream()
                            .map(hash -> hash.getValue() + "  " + hash.getKey() + "\n")
                            .collect(Collectors.joining()));
        } catch (IOException e) {
            throw new DataException(
                    "The archive " + archive + " could not be unpacked: " + AtomicFile.reason(e) + ".", e);
        }
    }

    private void unzip(Path archive, Set<String> missing, Map<String, String> hashes) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                try (InputStream in = zip.getInputStream(entry)) {
                    keep(entry.getName(), in, archive, missing, hashes);
                }
            }
        }
    }

    private void untar(Path archive, Set<String> missing, Map<String, String> hashes) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(archive));
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(raw))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                keep(entry.getName(), tar, archive, missing, hashes);
            }
        }
    }

    /** Keeps a member if it is wanted, wherever it lies in the archive. */
    private void keep(String path, InputStream content, Path archive, Set<String> missing, Map<String, String> hashes)
            throws IOException {
        String name = path.replaceFirst(".*/", "");
        if (missing.remove(name)) {
            Path file = folder.resolve(name);
            AtomicFile.write(file, out -> copy(content, out, archive));
            hashes.put(name, Sha256.of(file));
        }
    }

    private static void copy(InputStream in, OutputStream out, Path archive) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long copied = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            copied += n;
            if (copied > MAX_BYTES) {
                throw new IOException("a file in " + archive + " is larger than it can be");
            }
            out.write(buffer, 0, n);
        }
    }

    /** Deletes an archive that is no longer needed. */
    static void delete(Path archive) {
        try {
            Files.deleteIfExists(archive);
        } catch (IOException e) {
            throw new DataException(
                    "The archive " + archive + " could not be deleted: " + AtomicFile.reason(e) + ".", e);
        }
    }

    /** @throws DataException if a member is not what was unpacked */
    void check() {
        try {
            for (String line : Files.readAllLines(sums())) {
                String name = line.substring(Math.min(line.length(), 66));
                if (members.contains(name) && !line.startsWith(Sha256.of(folder.resolve(name)))) {
                    throw new DataException("The file " + folder.resolve(name)
                            + " is not what was unpacked; delete the folder and fetch the data set again.");
                }
            }
        } catch (IOException e) {
            throw new DataException("The files in " + folder + " cannot be checked: " + AtomicFile.reason(e) + ".", e);
        }
    }
}

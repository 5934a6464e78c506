package bpnn.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.data.DataException;
import bpnn.mnist.DataSplit;
import bpnn.mnist.DownloadProgress;
import bpnn.mnist.MirrorServer;
import bpnn.mnist.RemoteFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data sets by name, from a server on this machine. */
class DatasetStoreTest {
    @TempDir
    Path folder;

    private MirrorServer server;
    private Path cache;

    @BeforeEach
    void start() throws IOException {
        server = new MirrorServer();
        cache = folder.resolve("cache");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private DatasetStore store(KnownDataset known, List<RemoteFile> files) {
        return new DatasetStore(known, cache, List.of(server.uri()), files, Duration.ofSeconds(30));
    }

    private RemoteFile serve(String name, byte[] content, String algorithm) {
        server.files.put(name, content);
        try {
            String sum = HexFormat.of()
                    .formatHex(MessageDigest.getInstance(algorithm).digest(content));
            return new RemoteFile(name, sum, false, content.length);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private List<RemoteFile> serveAll(Path place, String algorithm) throws IOException {
        List<RemoteFile> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(place)) {
            for (Path file : entries.sorted().toList()) {
                files.add(serve(file.getFileName().toString(), Files.readAllBytes(file), algorithm));
            }
        }
        return files;
    }

    @Test
    void clothesHaveTheirNames() throws IOException {
        DatasetStore store = store(KnownDataset.FASHION_MNIST, serveAll(SampleSets.fashion(folder), "SHA-256"));
        assertThat(store.find(null)).isEmpty();

        DataSplit split = store.download(DownloadProgress.SILENT);

        assertThat(split.train().name()).isEqualTo("fashion-mnist");
        assertThat(split.train().classNames())
                .startsWith("T-shirt/top", "Trouser")
                .endsWith("Ankle boot");
        assertThat(split.isPublished()).isTrue();
        assertThat(server.requests).hasSize(4);
        assertThat(store.download(DownloadProgress.SILENT).trainSha256()).isEqualTo(split.trainSha256());
        assertThat(server.requests).as("nothing is fetched twice").hasSize(4);
    }

    @Test
    void aChecksumInMd5IsOneToo() throws IOException {
        DatasetStore store = store(KnownDataset.QMNIST, serveAll(SampleSets.qmnist(folder), "MD5"));

        assertThat(store.download(DownloadProgress.SILENT).test().size()).isEqualTo(SampleSets.TEST);
    }

    @Test
    void anInterruptedDownloadIsResumed() throws IOException {
        List<RemoteFile> files = serveAll(SampleSets.fashion(folder), "SHA-256");
        Files.createDirectories(cache);
        String first = files.get(0).name();
        Files.write(cache.resolve(first + ".part"), Arrays.copyOf(server.files.get(first), 100));

        store(KnownDataset.FASHION_MNIST, files).download(DownloadProgress.SILENT);

        assertThat(server.requests).startsWith(first + " bytes=100-");
    }

    @Test
    void anotherContentIsRefusedAndLeavesNothing() throws IOException {
        List<RemoteFile> files = serveAll(SampleSets.fashion(folder), "SHA-256");
        server.files.put(files.get(0).name(), new byte[] {1, 2, 3});

        assertThatThrownBy(() -> store(KnownDataset.FASHION_MNIST, files).download(DownloadProgress.SILENT))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("Fashion-MNIST's", files.get(0).name(), "checksum that does not match")
                .hasMessageEndingWith(".");
        try (Stream<Path> left = Files.list(cache)) {
            assertThat(left.map(file -> file.getFileName().toString())).containsExactly(".lock");
        }
    }

    @Test
    void aCachedFileThatChangedIsNotTakenForTheOriginal() throws IOException {
        DatasetStore store = store(KnownDataset.FASHION_MNIST, serveAll(SampleSets.fashion(folder), "SHA-256"));
        store.download(DownloadProgress.SILENT);
        Path labels = cache.resolve("t10k-labels-idx1-ubyte.gz");
        byte[] content = Files.readAllBytes(labels);
        Files.write(labels, Arrays.copyOf(content, content.length + 1));

        assertThatThrownBy(() -> store.find(null))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(labels.toString(), "does not match the one published for fashion-mnist");
    }

    @Test
    void withoutANetworkTheReasonIsSaid() {
        List<RemoteFile> files = List.of(new RemoteFile("a.gz", "00", false, 10));
        DatasetStore store = new DatasetStore(
                KnownDataset.KMNIST, cache, List.of(URI.create("http://127.0.0.1:1/")), files, Duration.ofSeconds(5));

        assertThatThrownBy(() -> store.download(DownloadProgress.SILENT))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(
                        "Kuzushiji-MNIST's a.gz could not be downloaded", "it cannot be reached", cache.toString());
    }

    /** Letters and digits come in one archive, of which what is known is kept. */
    @Test
    void lettersComeOutOfAnArchive() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Path letters = SampleSets.emnistLetters(folder).getParent();
        try (ZipOutputStream zip = new ZipOutputStream(bytes);
                Stream<Path> entries = Files.list(letters)) {
            for (Path file : entries.sorted().toList()) {
                String name = file.getFileName().toString();
                for (String set : List.of("letters", "balanced")) {
                    zip.putNextEntry(new ZipEntry(
                            "gzip/" + name.replace("letters", set) + (name.contains("digits") ? set : "")));
                    zip.write(Files.readAllBytes(file));
                }
            }
        }
        List<RemoteFile> files = List.of(serve("gzip.zip", bytes.toByteArray(), "SHA-256"));
        DatasetStore store = store(KnownDataset.EMNIST_LETTERS, files);

        DataSplit split = store.download(DownloadProgress.SILENT);

        assertThat(split.train().name()).isEqualTo("emnist-letters");
        assertThat(split.train().classNames()).hasSize(26).startsWith("Aa");
        assertThat(cache.resolve("gzip.zip")).doesNotExist();
        assertThat(store.find(null)).isPresent();
        assertThat(store(KnownDataset.EMNIST_BALANCED, files).locate(null)).contains(cache);
        assertThat(server.requests).containsExactly("gzip.zip");

        Path member = cache.resolve("emnist-letters-test-labels-idx1-ubyte.gz");
        Files.write(member, new byte[] {1});
        assertThatThrownBy(() -> store.find(null))
                .hasMessageContainingAll(member.toString(), "is not what was unpacked");
    }

    @Test
    void photographsComeOutOfAnArchiveAlsoFromAFolder() throws IOException {
        Path batches = SampleSets.cifar10(folder).resolve("cifar-10-batches-bin");
        Path given = SampleSets.folder(folder, "given");
        Path archive = given.resolve("cifar-10-binary.tar.gz");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);
                Stream<Path> entries = Files.list(batches)) {
            for (Path file : entries.sorted().toList()) {
                TarArchiveEntry entry = new TarArchiveEntry("cifar-10-batches-bin/" + file.getFileName());
                entry.setSize(Files.size(file));
                tar.putArchiveEntry(entry);
                tar.write(Files.readAllBytes(file));
                tar.closeArchiveEntry();
            }
        }
        byte[] packed = SampleSets.gzip(bytes.toByteArray());
        Files.write(archive, packed);
        List<RemoteFile> files = List.of(serve(archive.getFileName().toString(), packed, "SHA-256"));

        DataSplit split = store(KnownDataset.CIFAR_10, files).find(given).orElseThrow();

        assertThat(split.train().classNames()).startsWith("airplane").endsWith("truck");
        assertThat(split.train().name()).isEqualTo("cifar-10");
        assertThat(archive).as("what is not ours stays").exists();
        assertThat(server.requests).isEmpty();

        Files.write(archive, new byte[] {1});
        Path other = folder.resolve("other");
        DatasetStore fresh = new DatasetStore(KnownDataset.CIFAR_10, other, List.of(), files, Duration.ofSeconds(5));
        assertThatThrownBy(() -> fresh.find(given))
                .hasMessageContainingAll(archive.toString(), "checksum that does not match");
    }

    @Test
    void everyKnownDataSetHasChecksumsMirrorsAndTerms() {
        assertThat(KnownDataset.ALL).hasSize(7).allSatisfy(known -> {
            assertThat(known.mirrors())
                    .isNotEmpty()
                    .allSatisfy(mirror -> assertThat(mirror.toString()).endsWith("/"));
            assertThat(known.licence()).isNotBlank();
            assertThat(known.citation()).isNotBlank();
            assertThat(KnownDataset.named(known.id())).contains(known);
            assertThat(known.files())
                    .allSatisfy(file -> assertThat(file.checksum()).matches("[0-9a-f]{32}|[0-9a-f]{64}"));
        });
    }
}

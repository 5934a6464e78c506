package bpnn.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import bpnn.data.DataException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistSourceTest {
    private static final Map<IdxPart, byte[]> DATA = IdxBytes.dataSet();
    private static final String FIRST = IdxPart.TRAIN_IMAGES.packedName();
    /** Long, so that no test fails on a busy machine; the test of a stalled server sets a shorter one. */
    private Duration patience = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Path cache;
    private MirrorServer mirror;
    private MirrorServer second;

    @BeforeEach
    void start() throws IOException {
        cache = folder.resolve("cache");
        mirror = goodMirror();
        second = goodMirror();
    }

    @AfterEach
    void stop() {
        mirror.close();
        second.close();
    }

    @Test
    void aDownloadFillsTheCache() throws IOException {
        DataSplit split = source().download(DownloadProgress.SILENT);

        assertThat(split.train().name()).isEqualTo("mnist");
        assertThat(split.train().labels()).containsExactly(7, 0, 9);
        assertThat(filesIn(cache))
                .containsExactly(
                        ".lock",
                        "t10k-images-idx3-ubyte.gz",
                        "t10k-labels-idx1-ubyte.gz",
                        "train-images-idx3-ubyte.gz",
                        "train-labels-idx1-ubyte.gz");
        assertThat(source().find(null))
                .hasValueSatisfying(found -> assertThat(found.trainSha256()).isEqualTo(split.trainSha256()));
    }

    @Test
    void progressEndsWithTheWholeOfEachFile() {
        List<String> heard = new ArrayList<>();
        source().download((file, received, total) -> {
            if (received == total) {
                heard.add(file);
            }
        });
        assertThat(heard)
                .containsExactly(
                        Arrays.stream(IdxPart.values()).map(IdxPart::packedName).toArray(String[]::new));
    }

    @Test
    void anInterruptedDownloadIsResumed() throws IOException {
        writePartialFile(Arrays.copyOf(mirror.files.get(FIRST), 20));

        source().download(DownloadProgress.SILENT);

        assertThat(mirror.requests).startsWith(FIRST + " bytes=20-").doesNotContain(FIRST);
    }

    @Test
    void aServerWithoutRangesSendsTheWholeFileAgain() throws IOException {
        writePartialFile(Arrays.copyOf(mirror.files.get(FIRST), 20));
        mirror.honoursRanges = false;

        assertThat(source().download(DownloadProgress.SILENT).train().size()).isEqualTo(3);
    }

    @Test
    void aCompletePartialFileIsOnlyVerified() throws IOException {
        writePartialFile(mirror.files.get(FIRST));

        source().download(DownloadProgress.SILENT);

        assertThat(mirror.requests).doesNotContain(FIRST);
    }

    @Test
    void aPartialFileWithWrongContentIsDiscarded() throws IOException {
        writePartialFile(new byte[20]);

        source().download(DownloadProgress.SILENT);

        assertThat(mirror.requests).startsWith(FIRST + " bytes=20-", FIRST);
        assertThat(second.requests).isEmpty();
    }

    @Test
    void theSecondMirrorServesWhatTheFirstLacks() {
        mirror.files.clear();

        source().download(DownloadProgress.SILENT);

        assertThat(mirror.requests)
                .as("a mirror that failed is not asked for the next file")
                .containsExactly(FIRST);
        assertThat(second.requests).hasSize(4);
    }

    @Test
    void theSecondMirrorCompletesWhatTheFirstBreaksOff() {
        mirror.silentAfter = 20;
        patience = Duration.ofSeconds(1);

        source().download(DownloadProgress.SILENT);

        assertThat(second.requests).startsWith(FIRST + " bytes=20-");
    }

    @Test
    void aWrongChecksumLeadsToTheNextMirror() {
        mirror.files.put(FIRST, IdxBytes.gzip(IdxBytes.images(3, 4, 4)));

        source().download(DownloadProgress.SILENT);

        assertThat(second.requests).startsWith(FIRST);
    }

    @Test
    void wrongChecksumsEverywhereLeaveNoFiles() throws IOException {
        mirror.files.put(FIRST, IdxBytes.gzip(IdxBytes.images(3, 4, 4)));
        second.files.put(FIRST, "<html>Please log in</html>".getBytes(StandardCharsets.US_ASCII));

        assertFault(() -> source().download(DownloadProgress.SILENT), FIRST, "a checksum that does not match");
        assertThat(filesIn(cache)).containsExactly(".lock");
    }

    @Test
    void withoutANetworkTheReasonsAreListed() {
        mirror.close();
        URI unknown = URI.create("http://mirror.invalid/");
        MnistSource source = source(mirror.uri(), unknown);

        assertFault(
                () -> source.download(DownloadProgress.SILENT),
                mirror.uri() + " (it cannot be reached)",
                unknown + " (it",
                "put the files into " + cache);
    }

    @Test
    void aCacheThatCannotBeWrittenIsReported() throws IOException {
        Files.writeString(cache, "a file in the way");

        assertFault(
                () -> source().download(DownloadProgress.SILENT),
                cache + " cannot be written: a file of that name is in the way",
                "-Dbpnn.cache=DIR");
        assertThat(mirror.requests).isEmpty();
    }

    @Test
    void aFullDiskIsReportedWithoutTryingFurtherMirrors() throws IOException {
        Path full = Path.of("/dev/full");
        assumeThat(full).exists();
        Files.createDirectories(cache);
        Path part = Files.createSymbolicLink(cache.resolve(FIRST + ".part"), full);

        assertFault(
                () -> source().download(DownloadProgress.SILENT),
                FIRST + ".part cannot be written: ",
                "; free some space");
        assertThat(second.requests).isEmpty();
        Files.delete(part);
    }

    @Test
    void ofTwoConcurrentDownloadsOnlyOneDownloads() throws Exception {
        // Not in the common pool: the HTTP client needs one of its threads, and on two cores there is only one.
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<DataSplit> one = threads.submit(() -> source().download(DownloadProgress.SILENT));
            Future<DataSplit> other = threads.submit(() -> source().download(DownloadProgress.SILENT));
            assertThat(one.get().trainSha256()).isEqualTo(other.get().trainSha256());
        } finally {
            threads.shutdown();
        }
        assertThat(mirror.requests).hasSize(4);
    }

    @Test
    void anEmptyCacheCausesNoRequests() {
        assertThat(source().locate(null)).isEmpty();
        assertThat(source().find(null)).isEmpty();
        assertThat(mirror.requests).isEmpty();
        assertThat(cache).doesNotExist();
    }

    @Test
    void theDataFolderComesBeforeTheCache() throws IOException {
        source().download(DownloadProgress.SILENT);
        assertThat(source().locate(folder)).as("the folder holds no data set").contains(cache);

        IdxBytes.writePlain(folder, DATA);
        assertThat(source().locate(folder)).contains(folder);
    }

    @Test
    void aDataFolderWithThreeOfFourFilesIsReported() throws IOException {
        IdxBytes.writePlain(folder, DATA);
        Files.delete(folder.resolve(IdxPart.TEST_LABELS.fileName()));

        assertFault(() -> source().find(folder), folder.toString(), "lacks t10k-labels-idx1-ubyte");
    }

    @Test
    void aDataFolderThatDoesNotExistIsReported() {
        assertFault(() -> source().locate(folder.resolve("nowhere")), "nowhere", "does not exist");
    }

    @Test
    void onlyTheOriginalFilesAreAcceptedAsMnist() throws IOException {
        IdxBytes.writePlain(folder, DATA);
        Path labels = folder.resolve(IdxPart.TRAIN_LABELS.fileName());
        Files.write(labels, IdxBytes.labels(7, 0, 8));

        assertFault(() -> source().find(folder), labels.toString(), "a checksum that does not match");
        assertThat(IdxFolder.load(folder).train().size()).isEqualTo(3);
    }

    @Test
    void aDownloadRepairsADamagedCache() throws IOException {
        source().download(DownloadProgress.SILENT);
        Files.write(cache.resolve(FIRST), new byte[10]);

        assertFault(() -> source().find(null), FIRST);
        assertThat(source().download(DownloadProgress.SILENT).train().size()).isEqualTo(3);
    }

    private MnistSource source() {
        return source(mirror.uri(), second.uri());
    }

    private MnistSource source(URI... mirrors) {
        Map<String, String> sums = DATA.entrySet().stream()
                .collect(Collectors.toMap(file -> file.getKey().fileName(), file -> Sha256.of(file.getValue())));
        return new MnistSource(cache, List.of(mirrors), sums, patience);
    }

    private static MirrorServer goodMirror() throws IOException {
        MirrorServer server = new MirrorServer();
        DATA.forEach((part, bytes) -> server.files.put(part.packedName(), IdxBytes.gzip(bytes)));
        return server;
    }

    private void writePartialFile(byte[] content) throws IOException {
        Files.createDirectories(cache);
        Files.write(cache.resolve(FIRST + ".part"), content);
    }

    private static List<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void assertFault(ThrowingCallable call, String... contains) {
        assertThatThrownBy(call)
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(contains)
                .hasMessageEndingWith(".")
                .hasMessageNotContaining("Exception");
    }
}

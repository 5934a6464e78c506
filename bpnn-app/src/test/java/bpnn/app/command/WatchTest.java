package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.RunningProgram;
import bpnn.app.TinyData;
import bpnn.app.session.ExitCode;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --watch} of train and experiment, as a page hears of it; and what cannot be watched. */
@Timeout(180)
class WatchTest {
    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private List<Object> train(String out, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(
                "train",
                "--backend=reference",
                "--dataset=" + TinyData.in(shared),
                "--validation=50",
                "--hidden=6",
                "--batch-size=20",
                "--epochs=40",
                "--json",
                "--out=" + folder.resolve(out)));
        arguments.addAll(List.of(more));
        return arguments;
    }

    /** What is told from now on until the end. */
    private static List<PlayClient.Event> all(InputStream events) throws IOException {
        List<PlayClient.Event> told = new ArrayList<>();
        do {
            told.add(PlayClient.next(events));
        } while (!told.get(told.size() - 1).name().equals("end"));
        return told;
    }

    private static JsonNode lastStatus(List<PlayClient.Event> told, String run) {
        JsonNode last = null;
        for (PlayClient.Event event : told) {
            JsonNode news = event.data().path("news").path(run);
            last = news.has("status") ? news : last;
        }
        return last;
    }

    @Test
    void aTrainingThatIsWatchedGivesTheSameBits() throws Exception {
        RunningProgram watched =
                RunningProgram.start(train("watched", "--watch=0").toArray());
        PlayClient page = new PlayClient(watched.url());
        List<PlayClient.Event> told;
        JsonNode state;
        try (InputStream events = page.events()) {
            state = PlayClient.next(events).data();
            HttpResponse<String> refused =
                    page.post("/command", state.get("token").textValue(), "{\"do\": \"start\"}");
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.body()).contains("nothing can be changed here");
            told = all(events);
        }
        Cli ended = watched.end();
        Cli unwatched = Cli.run(train("unwatched").toArray());

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        String hash = unwatched.json().get("weightsSha256").textValue();
        assertThat(ended.json().get("weightsSha256").textValue()).isEqualTo(hash);
        assertThat(state.at("/data/readOnly").booleanValue()).isTrue();
        JsonNode last = lastStatus(told, "0");
        assertThat(last.get("status").textValue()).isEqualTo("done");
        assertThat(last.get("weightsSha256").textValue()).isEqualTo(hash);
        assertThat(told.stream()
                        .filter(event -> event.data().at("/news/0/layers/0").isObject()))
                .isNotEmpty();
        assertThat(Cli.run("reproduce", folder.resolve("watched/run.json"), "--out", folder.resolve("again"))
                        .out())
                .startsWith("Same bits: " + hash);
    }

    @Test
    void theTrainingsOfAnExperimentComeOneAfterTheOther() throws Exception {
        RunningProgram watched = RunningProgram.start(
                "experiment",
                "batch-norm",
                "--backend=reference",
                "--dataset=" + TinyData.in(shared),
                "--validation=50",
                "--seeds=2",
                "--epochs=8",
                "--hidden=6",
                "--batch-size=50",
                "--watch=0",
                "--out=" + folder.resolve("experiment"));
        List<PlayClient.Event> told;
        try (InputStream events = new PlayClient(watched.url()).events()) {
            told = all(events);
        }
        Cli ended = watched.end();

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        JsonNode runs = null;
        for (PlayClient.Event event : told) {
            runs = event.data().has("runs") ? event.data().get("runs") : runs;
        }
        assertThat(runs).isNotNull().hasSize(4);
        List<String> titles = new ArrayList<>();
        runs.forEach(run -> titles.add(run.get("title").textValue()));
        assertThat(titles).doesNotHaveDuplicates().allMatch(title -> title.matches("[a-z0-9 ]+, seed [12]"));
        assertThat(runs.findValuesAsText("batch-norm")).contains("true", "false");
        assertThat(lastStatus(told, "3").get("message").textValue()).startsWith("test accuracy ");
    }

    @Test
    void membersAreWatchedEachWithItsOwnSeed() throws Exception {
        RunningProgram watched = RunningProgram.start(
                train("members", "--members=2", "--watch=0", "--quiet").toArray());
        List<PlayClient.Event> told;
        try (InputStream events = new PlayClient(watched.url()).events()) {
            told = all(events);
        }
        assertThat(watched.end().exitCode()).isZero();
        List<String> seeds = new ArrayList<>();
        told.forEach(event -> event.data()
                .path("runs")
                .forEach(run -> seeds.add(run.at("/options/seed").asText())));
        assertThat(seeds).contains("1", "2");
    }

    /** What a training that is taken up again had learnt before is on the page too. */
    @Test
    void aResumedTrainingIsSeenFromItsBeginning() throws Exception {
        assertThat(Cli.run(train("resumed", "--learning-rate=0.001").toArray()).exitCode())
                .isZero();
        List<Object> longer = train("resumed", "--learning-rate=0.001", "--resume", "--watch=0");
        longer.set(longer.indexOf("--epochs=40"), "--epochs=80");
        RunningProgram watched = RunningProgram.start(longer.toArray());
        List<PlayClient.Event> told;
        try (InputStream events = new PlayClient(watched.url()).events()) {
            told = all(events);
        }
        assertThat(watched.end().exitCode()).isZero();
        List<Integer> epochs = new ArrayList<>();
        for (PlayClient.Event event : told) {
            JsonNode anew = event.data().at("/runs/0/epochs");
            if (anew.isArray()) {
                epochs.clear();
                anew.forEach(epoch -> epochs.add(epoch.get("epoch").asInt()));
            }
            event.data()
                    .at("/news/0/epochs")
                    .forEach(epoch -> epochs.add(epoch.get("epoch").asInt()));
        }
        assertThat(epochs).hasSize(80).isSorted().startsWith(1);
        assertThat(lastStatus(told, "0").get("step").asInt()).isEqualTo(80 * 13);
    }

    @Test
    void aPortThatIsTakenIsSaidBeforeAnythingIsTrained() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Cli cli = Cli.run(train("none", "--watch=" + taken.getLocalPort()).toArray());

            assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(cli.err()).contains("cannot be listened on", "Name another by --watch");
            assertThat(folder.resolve("none")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--watch=70000", "--watch=-1"})
    void whatIsNoPortIsRefused(String port) {
        Cli cli = Cli.run(train("none", port).toArray());

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("must be between 0 and 65535");
    }

    @Test
    void whatOthersTrainCannotBeWatchedFromWithin() {
        Cli cli = Cli.run("experiment", "dropout", "--spark=local[1]", "--watch=0");

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("--watch shows what this program trains", "--spark");
    }

    @Test
    void whatIsNoRunIsNotFollowed() throws IOException {
        Cli missing = Cli.run("watch", folder.resolve("nowhere"));
        Cli empty = Cli.run("watch", folder);
        Path file = Files.writeString(folder.resolve("file"), "");
        Cli noFolder = Cli.run("watch", file);
        Files.createDirectory(folder.resolve("odd"));
        Files.writeString(folder.resolve("odd/run.json"), "{");
        Cli damaged = Cli.run("watch", folder.resolve("odd"));

        assertThat(missing.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(missing.err()).contains("there is no such folder");
        assertThat(empty.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(empty.err()).contains("There is no run in " + folder);
        assertThat(noFolder.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(noFolder.err()).contains("that is no folder");
        assertThat(damaged.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(damaged.err()).contains("run.json").doesNotContain("\tat ");
    }
}

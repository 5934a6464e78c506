package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.TinyData;
import bpnn.app.session.ExitCode;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.util.Event;
import org.tensorflow.util.SessionLog;

@Tag("once")
class ResumeTest {
    /** Kills in {@link #aKilledRunEndsAsOneThatWasNeverInterrupted}, half with each average; {@code -Dbpnn.kills=50} for the long version. */
    private static final int KILLS = Integer.getInteger("bpnn.kills", 4);

    private static final String OPTIONS = "--hidden 16 --batch-size 50 --dropout 0.25 --batch-norm --log-steps 2";
    private static final int EPOCHS = 20;

    @TempDir
    Path folder;

    private List<String> arguments(String run, String options) {
        List<String> arguments = new ArrayList<>(List.of("train", "--dataset"));
        arguments.add(TinyData.in(folder).toString());
        arguments.addAll(List.of("--out", folder.resolve(run).toString()));
        arguments.addAll(List.of((OPTIONS + " " + options).split(" ")));
        // A path with spaces could not be split.
        arguments.replaceAll(word -> word.replace("FOLDER", folder.toString()));
        if (!options.contains("--backend")) {
            arguments.addAll(List.of("--backend", "cpu"));
        }
        return arguments;
    }

    private Cli train(String run, String options) {
        return Cli.run(arguments(run, options).toArray());
    }

    private JsonNode record(String run) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve(run).resolve("run.json").toFile());
    }

    /** All files but for the times in them. */
    private List<String> timeless(String run) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String row : Files.readAllLines(folder.resolve(run).resolve("history.csv"))) {
            lines.add(row.replaceAll("(,[^,]*){2}$", ""));
        }
        for (String line : Files.readAllLines(folder.resolve(run).resolve("history.jsonl"))) {
            lines.add(line.replaceAll(",\"seconds\".*", ""));
        }
        ObjectNode result = (ObjectNode) record(run).get("result");
        lines.add(result.without(List.of("trainSeconds", "imagesPerSecond")).toString());
        try (Stream<Path> files = Files.list(folder.resolve(run))) {
            files.map(file -> file.getFileName().toString()).sorted().forEach(lines::add);
        }
        return lines;
    }

    /** Every second kill is aimed at the writing of a checkpoint: it comes when the new file is seen beside the old. */
    @ParameterizedTest
    @ValueSource(strings = {"--augment elastic --ema 0.9", "--augment affine --swa 0.5"})
    void aKilledRunEndsAsOneThatWasNeverInterrupted(String averaged) throws Exception {
        String options = "--epochs " + EPOCHS + " --resume " + averaged;
        long begin = System.nanoTime();
        assertThat(Cli.start(arguments("whole", options).toArray()).waitFor()).isZero();
        int duration = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        RandomStream random = new RandomStream(7, Purpose.STATISTICS, 0, 0);
        int killed = 0;
        int whileWriting = 0;
        for (int i = 0; 2 * killed < KILLS || whileWriting == 0; i++) {
            assertThat(i)
                    .as("runs, of which %d were killed, %d while writing", killed, whileWriting)
                    .isLessThan(3 * KILLS + 20);
            Process process = Cli.start(arguments("run" + i, options).toArray());
            int moment = duration / 4 + random.nextInt(duration * 3 / 4);
            process.waitFor(moment, TimeUnit.MILLISECONDS);
            while (i % 2 == 1 && process.isAlive() && !isWritingACheckpoint("run" + i)) {
                Thread.onSpinWait();
            }
            int code = process.destroyForcibly().waitFor();
            assertThat(code).as("0, or 128 and SIGKILL").isIn(0, 128 + 9);
            killed += code == 0 ? 0 : 1;
            whileWriting += isWritingACheckpoint("run" + i) ? 1 : 0;
            Cli resumed = train("run" + i, options);
            assertThat(resumed.exitCode()).as(resumed.err()).isZero();
            assertThat(timeless("run" + i)).as("killed after %d ms", moment).isEqualTo(timeless("whole"));
        }
        System.out.printf("Killed %d runs, %d of them with a checkpoint half written.%n", killed, whileWriting);
    }

    private boolean isWritingACheckpoint(String run) throws IOException {
        Path place = folder.resolve(run);
        if (!Files.isDirectory(place)) {
            return false;
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.anyMatch(file -> file.getFileName().toString().matches("\\.checkpoint\\.safetensors\\..*tmp"));
        }
    }

    @Test
    void whatAKillLeavesBesideTheCheckpointIsRemovedAndWrittenAnew() throws IOException {
        train("whole", "--epochs 2");
        train("run", "--epochs 2");
        Path run = folder.resolve("run");
        Files.writeString(run.resolve(".checkpoint.safetensors.4711.tmp"), "half of a checkp");
        Files.writeString(run.resolve("history.csv"), "epoch,trainL");
        Files.delete(run.resolve("history.jsonl"));
        Files.writeString(run.resolve("run.json"), "");
        Files.delete(run.resolve("model.safetensors"));

        Cli cli = train("run", "--epochs 2 --resume");

        assertThat(cli.exitCode()).as(cli.err()).isZero();
        assertThat(cli.err()).contains("Going on after epoch 2 of 2.");
        assertThat(timeless("run")).isEqualTo(timeless("whole"));
        assertThat(record("run").get("resumedAfterEpochs").toString()).isEqualTo("[2]");
        assertThat(record("run").get("status").textValue()).isEqualTo("done");
    }

    @Test
    void aRunThatEndedInsideAnEpochGoesOnAfterTheLastWholeOne() throws IOException {
        train("whole", "--epochs 3 --steps 12");
        Files.move(folder.resolve("whole"), folder.resolve("run"));
        train("whole", "--epochs 3 --steps 12");

        Cli cli = train("run", "--epochs 3 --steps 12 --resume");

        assertThat(cli.err()).contains("Going on after epoch 2 of 3.");
        assertThat(timeless("run")).isEqualTo(timeless("whole"));
    }

    @Test
    void aRunWhoseScheduleDoesNotDependOnItsLengthGoesOnLonger() throws IOException {
        String constant = "--schedule constant --epochs ";
        train("whole", constant + "4");
        train("run", constant + "2");

        Cli cli = train("run", constant + "4 --resume");

        assertThat(cli.exitCode()).as(cli.err()).isZero();
        assertThat(cli.err()).contains("Going on after epoch 2 of 4.");
        assertThat(timeless("run")).isEqualTo(timeless("whole"));
        assertThat(record("run").at("/configuration/epochs").intValue()).isEqualTo(4);
        assertThat(train("run", constant + "3 --resume").err()).contains("epochs was 4, but now is 3");
        assertThat(train("run", constant + "4 --steps 22 --resume").exitCode()).isZero();
    }

    @Test
    void aRunWhoseScheduleDependsOnItsLengthSaysHowToTrainOn() {
        train("run", "--epochs 1");

        Cli cli = train("run", "--epochs 2 --resume");

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err())
                .contains(
                        "epochs was 1, but now is 2",
                        "Its learning rates depend on its length (OneCycle[",
                        "begin another run with --init " + folder.resolve("run/model.safetensors"));
    }

    /** Read by the messages that TensorFlow generates: every epoch stands once, if what is void is left out. */
    @Test
    void tensorBoardSeesEveryEpochOnce() throws IOException {
        String board = " --tensorboard FOLDER/board";
        train("run", "--epochs 3 --steps 12 --schedule constant" + board);

        assertThat(train("run", "--epochs 3 --schedule constant --resume" + board)
                        .exitCode())
                .isZero();

        List<Long> steps = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve("board"))) {
            for (Path file : files.sorted().toList()) {
                ByteBuffer records = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
                while (records.hasRemaining()) {
                    byte[] data = new byte[(int) records.getLong()];
                    records.position(records.position() + Integer.BYTES);
                    records.get(data).position(records.position() + Integer.BYTES);
                    Event event = Event.parseFrom(data);
                    if (event.getSessionLog().getStatus() == SessionLog.SessionStatus.START) {
                        steps.removeIf(step -> step >= event.getStep());
                    } else if (event.hasSummary()) {
                        steps.add(event.getStep());
                    }
                }
            }
        }
        assertThat(steps).containsExactly(1L, 2L, 3L);
    }

    @Test
    void withoutACheckpointTheRunBeginsAnew() throws IOException {
        assertThat(train("run", "--epochs 1 --resume").err()).contains("There is no checkpoint in ");
        Files.delete(folder.resolve("run/checkpoint.safetensors"));

        Cli cli = train("run", "--epochs 1 --resume");

        assertThat(cli.exitCode()).isZero();
        assertThat(cli.err()).contains("There is no checkpoint in ", "beginning with the first epoch");
    }

    @Test
    void anotherConfigurationIsRefusedAndNothingIsLost() throws IOException {
        train("run", "--epochs 1");
        byte[] history = Files.readAllBytes(folder.resolve("run/history.csv"));

        Cli cli = train("run", "--epochs 1 --resume --learning-rate 0.01 --validation 40");

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err())
                .contains(
                        "learningRate was 0.001, but now is 0.01",
                        "trainImages was 250, but now is 260",
                        "validationImages was 50, but now is 40")
                .doesNotContain("seed", "dropout was");
        assertThat(Files.readAllBytes(folder.resolve("run/history.csv"))).isEqualTo(history);
        assertThat(record("run").get("status").textValue()).isEqualTo("done");
    }

    @Test
    void aBackendThatWasNotAskedForIsRefused() throws IOException {
        train("run", "--epochs 1 --backend reference");

        Cli cli = train("run", "--epochs 1 --backend auto --resume");

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err())
                .contains(
                        "backend.id was reference, but now is cpu. Give the options",
                        "To go on with another backend or arithmetic, ask for it: --backend, --numerics.");
        assertThat(record("run").get("status").textValue()).isEqualTo("done");
    }

    @Test
    void aRunGoesOnWithAnotherBackendInExactArithmeticAsIfNothingHadChanged() throws IOException {
        train("whole", "--epochs 3 --steps 12");
        train("run", "--epochs 3 --steps 12 --backend reference");

        Cli cli = train("run", "--epochs 3 --steps 12 --resume --backend cpu");

        assertThat(cli.exitCode()).as(cli.err()).isZero();
        assertThat(cli.err())
                .contains("The run goes on with cpu (", "; until epoch 2 it was computed with reference (")
                .contains(" arithmetic). Exact arithmetic gives the same bits on both.")
                .doesNotContain("Warning: The run");
        assertThat(timeless("run")).isEqualTo(timeless("whole"));
        assertThat(record("run").at("/earlierBackends/0/id").asText()).isEqualTo("reference");
        assertThat(reproduce("run", 0)).contains("Same bits: ", "the run was computed with reference (", "throughout");
    }

    @Test
    void aChangeOfArithmeticIsAnnouncedRecordedAndToldToThoseWhoRepeatTheRun() throws IOException {
        train("run", "--epochs 3 --steps 12");

        Cli silent = train("run", "--epochs 3 --steps 12 --resume --quiet --numerics fast");

        assertThat(silent.err())
                .contains(
                        "Warning: The run goes on with cpu (",
                        "fast arithmetic); until epoch 2 it was computed with cpu (")
                .contains("From here on its bits are not those of a run that was never interrupted.");
        JsonNode earlier = record("run").get("earlierBackends");
        assertThat(earlier.findValuesAsText("numerics")).containsExactly("exact");
        assertThat(earlier.findValuesAsText("untilEpoch")).containsExactly("2");
        assertThat(reproduce("run", 0, 1))
                .contains(", so other bits may come out.", "exact arithmetic) until epoch 2, then with cpu (");
    }

    private String reproduce(String run, Integer... codes) {
        Cli cli = Cli.run("reproduce", folder.resolve(run).resolve("run.json"), "--out", folder.resolve("again"));
        assertThat(cli.exitCode()).as(cli.err()).isIn((Object[]) codes);
        return cli.err() + cli.out();
    }

    @Test
    void withoutACheckpointTheBackendIsFree() throws IOException {
        train("run", "--epochs 1 --backend reference");
        Files.delete(folder.resolve("run/checkpoint.safetensors"));

        assertThat(train("run", "--epochs 1 --resume --backend cpu").err()).doesNotContain("it was computed with");
        assertThat(record("run").has("earlierBackends")).isFalse();
    }

    @Test
    void aDamagedCheckpointIsRefusedAndNothingIsLost() throws IOException {
        train("run", "--epochs 1");
        Path checkpoint = folder.resolve("run/checkpoint.safetensors");
        byte[] whole = Files.readAllBytes(checkpoint);
        byte[] cut = Arrays.copyOf(whole, whole.length / 2);
        byte[] flipped = whole.clone();
        flipped[whole.length - 100] ^= 1;
        byte[] renamed = new String(whole, StandardCharsets.ISO_8859_1)
                .replace("\\\"steps\\\":5", "\\\"steps\\\":4")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThat(renamed).isNotEqualTo(whole);
        byte[] record = Files.readAllBytes(folder.resolve("run/run.json"));
        for (byte[] damaged : List.of(cut, flipped, renamed, new byte[0])) {
            Files.write(checkpoint, damaged);

            Cli cli = train("run", "--epochs 1 --resume");

            assertThat(cli.exitCode()).isEqualTo(ExitCode.DATA);
            assertThat(cli.err())
                    .contains("The checkpoint ", " is damaged, and nothing was changed: ", "remove it to begin")
                    .doesNotContain("\tat ", "..");
            assertThat(Files.readAllBytes(checkpoint)).isEqualTo(damaged);
            assertThat(Files.readAllBytes(folder.resolve("run/run.json"))).isEqualTo(record);
        }
    }

    @Test
    void aFolderInUseIsLeftAlone() throws Exception {
        Process other = Cli.start(arguments("run", "--epochs 100000").toArray());
        try {
            while (!Files.exists(folder.resolve("run/checkpoint.safetensors"))) {
                assertThat(other.isAlive()).isTrue();
                Thread.sleep(20);
            }
            Cli cli = train("run", "--epochs 100000 --resume");

            assertThat(cli.exitCode()).isEqualTo(ExitCode.DATA);
            assertThat(cli.err()).contains("Another program is training in ");
            assertThat(record("run").get("status").textValue()).isEqualTo("running");
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void resumeNeedsAFolder() {
        Cli cli = Cli.run("train", "--resume");

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("--resume needs --out");
    }
}

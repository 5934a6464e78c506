package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.TinyData;
import bpnn.app.session.ExitCode;
import bpnn.io.model.Model;
import bpnn.io.safetensors.SafetensorsReader;
import bpnn.io.tensor.TensorBytes;
import bpnn.io.tensor.TensorFile;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
    @TempDir
    Path folder;

    private Cli train(String run, String options) {
        List<Object> arguments = new ArrayList<>(List.of(
                "train", "--backend", "reference", "--dataset", TinyData.in(folder), "--out", folder.resolve(run)));
        arguments.addAll(
                List.of(("--hidden 8 --batch-size 50 " + (options.contains("--epochs") ? "" : "--epochs 2 ") + options)
                        .strip()
                        .split(" ")));
        // A path with spaces could not be split.
        arguments.replaceAll(word -> word.toString().replace("FOLDER", folder.toString()));
        return Cli.run(arguments.toArray());
    }

    private JsonNode record(String run) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve(run).resolve("run.json").toFile());
    }

    @Test
    void theFolderHoldsTheWholeRun() throws IOException {
        Cli cli = train("run", "--json --log-steps 3 --dropout 0.25 --batch-norm");

        assertThat(cli.exitCode()).as(cli.err()).isZero();
        JsonNode result = cli.json();
        assertThat(result.fieldNames())
                .toIterable()
                .contains(
                        "backend",
                        "device",
                        "numerics",
                        "epochs",
                        "steps",
                        "trainSeconds",
                        "imagesPerSecond",
                        "trainLoss",
                        "validationAccuracy",
                        "testLoss",
                        "testAccuracy",
                        "weightsSha256");
        assertThat(result.get("epochs").intValue()).isEqualTo(2);
        assertThat(result.get("steps").intValue()).isEqualTo(10);
        try (Stream<Path> files = Files.list(folder.resolve("run"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "run.json", "history.csv", "history.jsonl", "model.safetensors", "checkpoint.safetensors");
        }
        JsonNode record = record("run");
        assertThat(record.get("status").textValue()).isEqualTo("done");
        assertThat(record.get("result")).isEqualTo(result);
        assertThat(record.get("configuration").get("dropout").doubleValue()).isEqualTo(0.25);
        assertThat(record.get("configuration").get("seed").longValue()).isEqualTo(1);
        assertThat(record.get("data").get("trainImages").intValue()).isEqualTo(250);
        assertThat(record.get("data").get("validationImages").intValue()).isEqualTo(50);
        assertThat(record.get("versions").get("java").textValue())
                .isEqualTo(Runtime.version().toString());
    }

    @Test
    void theHistoryHasARowForEachEpochAndALineForEachLoggedStep() throws IOException {
        train("run", "--log-steps 3");

        List<String> csv = Files.readAllLines(folder.resolve("run/history.csv"));
        assertThat(csv).hasSize(3);
        assertThat(csv.get(0)).isEqualTo("epoch,trainLoss,validationLoss,validationAccuracy,seconds,imagesPerSecond");
        assertThat(csv.get(2)).startsWith("2,").matches("[^,]+(,[^,]+){5}");
        List<String> jsonl = Files.readAllLines(folder.resolve("run/history.jsonl"));
        assertThat(jsonl).hasSize(3 + 2);
        assertThat(jsonl.get(0)).startsWith("{\"step\":3,\"loss\":");
        assertThat(jsonl.get(1)).startsWith("{\"epoch\":1,\"trainLoss\":");
    }

    @Test
    void theModelHasItsNamesItsShapesAndItsHash() {
        Cli cli = train("run", "--json --batch-norm");

        TensorFile model = SafetensorsReader.read(folder.resolve("run/model.safetensors"));
        assertThat(model.tensors().keySet())
                .containsExactly(
                        "bn1.bias",
                        "bn1.running_mean",
                        "bn1.running_var",
                        "bn1.weight",
                        "fc1.weight",
                        "fc2.bias",
                        "fc2.weight");
        assertThat(model.tensors().get("fc1.weight").shape()).containsExactly(8, 784);
        assertThat(model.tensors().get("fc2.weight").shape()).containsExactly(10, 8);
        assertThat(model.metadata()).containsEntry("activation", "tanh").containsEntry("seed", "1");
        assertThat(cli.json().get("weightsSha256").textValue()).isEqualTo(TensorBytes.sha256(model.tensors()));
    }

    @Test
    void theSeedDecidesTheWeights() {
        String first =
                train("a", "--json --dropout 0.5").json().get("weightsSha256").textValue();
        String again =
                train("b", "--json --dropout 0.5").json().get("weightsSha256").textValue();
        String other = train("c", "--json --dropout 0.5 --seed 2")
                .json()
                .get("weightsSha256")
                .textValue();

        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void initialWeightsCanComeFromAFile() {
        Cli first = train("a", "--json --steps 1");
        Cli second =
                train("b", "--json --steps 1 --learning-rate 1e-30 --optimizer sgd --init FOLDER/a/model.safetensors");

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(second.json().get("weightsSha256")).isEqualTo(first.json().get("weightsSha256"));
    }

    @Test
    void initialWeightsThatDoNotFitAreRefused() {
        train("a", "--steps 1");
        Cli cli = train("b", "--hidden 9 --init FOLDER/a/model.safetensors");
        Cli fits = train("c", "--batch-norm --init FOLDER/a/model.safetensors");

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(fits.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(fits.err()).contains("model.safetensors does not fit the network", "fc1.bias");
        assertThat(folder.resolve("c")).doesNotExist();
    }

    @Test
    void stepsEndTheTrainingInsideAnEpoch() {
        JsonNode result = train("run", "--json --steps 7").json();

        assertThat(result.get("steps").intValue()).isEqualTo(7);
        assertThat(result.get("epochs").intValue()).isEqualTo(2);
    }

    @Test
    void withoutValidationImagesThereAreNoSuchFigures() throws IOException {
        JsonNode result = train("run", "--json --validation 0").json();

        assertThat(result.get("validationAccuracy").isNull()).isTrue();
        assertThat(Files.readAllLines(folder.resolve("run/history.csv")).get(1)).matches("1,[^,]+,,,[^,]+,[^,]+");
        assertThat(record("run").get("data").get("trainImages").intValue()).isEqualTo(300);
    }

    @Test
    void theLimitTakesTheFirstImagesAndTheValidationTheLast() throws IOException {
        train("run", "--limit 100 --validation 120");

        assertThat(record("run").get("data").get("trainImages").intValue()).isEqualTo(100);
        assertThat(record("run").get("data").get("validationImages").intValue()).isEqualTo(120);
    }

    @Test
    void refinementsChangeTheTrainingAndAreRecorded() throws IOException {
        String plain = train("plain", "--json").json().get("weightsSha256").textValue();
        for (String refinement : List.of(
                "--schedule=constant",
                "--schedule=cosine",
                "--schedule-peak=2",
                "--schedule=step --schedule-epochs=1 --schedule-decay=0.5",
                "--warm-up=3",
                "--weight-decay=0.1",
                "--optimizer=sgd --weight-decay=0.1",
                "--label-smoothing=0.1",
                "--clip-norm=0.1",
                "--max-norm=0.5",
                "--decoupled-decay=0.1",
                "--optimizer=nesterov",
                "--optimizer=rmsprop",
                "--dropout=0.1",
                "--input-dropout=0.1",
                "--activation=gelu",
                "--ema=0.9",
                "--swa=0.9",
                "--augment=shift",
                "--augment=affine",
                "--augment=elastic")) {
            Cli cli = train("refined" + refinement.hashCode(), "--json " + refinement);
            assertThat(cli.exitCode()).as(cli.err()).isZero();
            assertThat(cli.json().get("weightsSha256").textValue())
                    .as(refinement)
                    .isNotEqualTo(plain);
        }
        assertThat(record("plain").get("configuration").get("schedule").textValue())
                .isEqualTo("OneCycle[peak=3.0, rise=0.1]");
        for (String steady : List.of("--learning-rate=0.002", "--learning-rate=0.001", "--optimizer=sgd")) {
            train("steady" + steady.hashCode(), steady);
            assertThat(record("steady" + steady.hashCode())
                            .get("configuration")
                            .get("schedule")
                            .textValue())
                    .as(steady)
                    .isEqualTo("Constant[]");
        }
        train("some", "--weight-decay 0.1 --warm-up 3 --schedule cosine --patience 1");
        JsonNode configuration = record("some").get("configuration");
        assertThat(configuration.get("schedule").textValue()).isEqualTo("WarmUp[steps=3, then=Cosine[]]");
        assertThat(configuration.get("weightDecay").floatValue()).isEqualTo(0.1f);
        assertThat(configuration.get("patience").intValue()).isEqualTo(1);
    }

    @Test
    void earlyStoppingKeepsTheBestEpoch() throws IOException {
        JsonNode result = train("run", "--json --epochs 60 --learning-rate 0.05 --patience 2")
                .json();

        int kept = result.get("keptEpoch").intValue();
        assertThat(result.get("epochs").intValue()).isEqualTo(kept + 2).isLessThan(60);
        String row = Files.readAllLines(folder.resolve("run/history.csv")).get(kept);
        assertThat(row).contains("," + result.get("validationLoss").asText() + ",");
        JsonNode again = train("run", "--json --epochs 60 --learning-rate 0.05 --patience 2 --resume")
                .json();
        assertThat(again.get("weightsSha256")).isEqualTo(result.get("weightsSha256"));
        assertThat(again.get("keptEpoch")).isEqualTo(result.get("keptEpoch"));
    }

    @Test
    void refinementsThatCannotBeAreRefused() {
        for (String options : List.of(
                "--patience 1 --validation 0",
                "--patience -1",
                "--schedule-decay 0",
                "--schedule-peak 0.5",
                "--clip-norm NaN",
                "--label-smoothing 1",
                "--schedule sometimes",
                "--warm-up -1")) {
            Cli cli = train("run", options);
            assertThat(cli.exitCode()).as(options).isEqualTo(ExitCode.USAGE);
            assertThat(cli.err()).contains(options.substring(0, options.indexOf(' ')));
        }
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void aDivergedTrainingKeepsTheLastGoodWeights() throws IOException {
        Cli cli = train("run", "--optimizer sgd --learning-rate 1e30 --normalize none --activation relu");

        assertThat(cli.exitCode()).isEqualTo(ExitCode.DIVERGED);
        assertThat(cli.err()).contains("The loss became", "in epoch 1 at step").doesNotContain("\tat ");
        assertThat(record("run").get("status").textValue()).isEqualTo("diverged");
        assertThat(record("run").get("result").get("error").textValue()).startsWith("The loss became");
        TensorFile kept = SafetensorsReader.read(folder.resolve("run/model.safetensors"));
        for (float weight : kept.tensors().get("fc1.weight").values()) {
            assertThat(weight).isFinite().isBetween(-1f, 1f);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aRunThatEndsOnAnErrorIsNotLeftRunning() throws IOException {
        Path run = Files.createDirectories(folder.resolve("run"));
        Files.createSymbolicLink(run.resolve("history.jsonl"), Path.of("/dev/full"));

        Cli cli = train("run", "");

        assertThat(cli.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(cli.err())
                .contains("The history in ", "could not be written")
                .doesNotContain("\tat ");
        assertThat(record("run").get("status").textValue()).isEqualTo("failed");
        assertThat(record("run").get("result").get("error").textValue()).contains("The history in ");
    }

    @Test
    void aFolderThatHoldsARunIsNotOverwritten() throws IOException {
        train("run", "--steps 1");
        byte[] before = Files.readAllBytes(folder.resolve("run/run.json"));

        Cli cli = train("run", "--steps 1");

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains("--out is", "already holds a run");
        assertThat(Files.readAllBytes(folder.resolve("run/run.json"))).isEqualTo(before);
    }

    @Test
    void resultsGoToStandardOutputAndEverythingElseToStandardError() {
        Cli talkative = train("a", "");
        Cli quiet = train("b", "--quiet");

        assertThat(talkative.out()).startsWith("Test accuracy 0.").contains("Weights sha256", "Written to ");
        assertThat(talkative.err())
                .contains("Backend reference", "784 -> 8", "epoch 2/2: loss ", "validation accuracy");
        assertThat(quiet.out()).startsWith("Test accuracy 0.");
        assertThat(quiet.err()).isEmpty();
    }

    /** The same network but for a factor of its last layer, and so the same classes. */
    @Test
    void calibrationDividesTheLogits() throws IOException {
        JsonNode plain = train("plain", "--json").json();
        Cli cli = train("calibrated", "--json --calibrate");
        assertThat(cli.exitCode()).as(cli.err()).isZero();
        double temperature = cli.json().get("temperature").doubleValue();
        assertThat(cli.err())
                .contains("Calibrated: logits divided by " + String.format(Locale.ROOT, "%.4f", temperature));
        assertThat(cli.json().get("testAccuracy")).isEqualTo(plain.get("testAccuracy"));
        assertThat(cli.json().get("testLoss")).isNotEqualTo(plain.get("testLoss"));
        float[] before = Model.read(folder.resolve("plain/model.safetensors"), assumption -> {})
                .state()
                .get("fc2.weight")
                .values();
        Model model = Model.read(folder.resolve("calibrated/model.safetensors"), assumption -> {});
        for (int i = 0; i < before.length; i++) {
            assertThat(model.state().get("fc2.weight").values()[i]).isEqualTo((float) (before[i] / temperature));
        }
        assertThat(record("calibrated").at("/configuration/calibrated").booleanValue())
                .isTrue();
        Cli again = Cli.run("reproduce", folder.resolve("calibrated/run.json"), "--out", folder.resolve("again"));
        assertThat(again.out()).startsWith("Same bits: ");
        assertThat(train("none", "--calibrate --validation 0").err())
                .contains("--calibrate needs images to validate on, but there are none");
    }

    @Test
    void aTerminalSeesABar() {
        Cli cli = Cli.runInteractively(
                "train",
                "--backend",
                "reference",
                "--dataset",
                TinyData.in(folder),
                "--out",
                folder.resolve("run"),
                "--hidden",
                "4",
                "--epochs",
                "2",
                "--batch-size",
                "50");

        assertThat(cli.err()).contains("epoch 1/2  50 % [", "images/s", " left", "\r\033[Kepoch 2/2: loss ");
        assertThat(cli.err()
                        .lines()
                        .mapToInt(line ->
                                line.substring(line.lastIndexOf('\r') + 1).length()))
                .allMatch(length -> length <= 100 + "\033[K".length());
    }

    @Test
    void standardisedInputsAreRememberedByTheModel() {
        train("run", "--normalize standard --steps 1");

        TensorFile model = SafetensorsReader.read(folder.resolve("run/model.safetensors"));
        assertThat(Float.parseFloat(model.metadata().get("inputShift"))).isNegative();
        assertThat(model.metadata()).containsEntry("normalize", "standard");
    }
}

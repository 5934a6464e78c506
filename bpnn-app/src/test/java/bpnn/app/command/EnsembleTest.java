package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import bpnn.app.Cli;
import bpnn.app.OnnxComparison;
import bpnn.app.TinyData;
import bpnn.app.session.ExitCode;
import bpnn.data.Dataset;
import bpnn.io.file.Word;
import bpnn.io.model.Combination;
import bpnn.io.model.Ensemble;
import bpnn.io.model.LoadedEnsemble;
import bpnn.io.model.LoadedModel;
import bpnn.io.model.Model;
import bpnn.mnist.IdxFolder;
import bpnn.spi.ReferenceBackend;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several networks, trained and asked together. */
@Tag("once")
class EnsembleTest {
    private static final int MEMBERS = 3;

    @TempDir
    private Path folder;

    private Path ensemble;

    private Cli train(Path out, String... more) {
        List<Object> arguments = new ArrayList<>(List.of(
                "train",
                "--backend=reference",
                "--dataset=" + TinyData.in(folder),
                "--out=" + out,
                "--hidden=12",
                "--epochs=2",
                "--batch-size=50",
                "--augment=elastic",
                "--json",
                "--quiet"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray());
    }

    @BeforeEach
    void train() {
        ensemble = folder.resolve("ensemble");
    }

    private JsonNode trained() {
        Cli cli = train(ensemble, "--members=" + MEMBERS, "--seed=7");
        assertThat(cli.exitCode()).as(cli.err()).isZero();
        return cli.json();
    }

    private Dataset test() {
        return IdxFolder.load(TinyData.in(folder)).test();
    }

    @Test
    void eachMemberIsARunOfItsOwn() {
        JsonNode result = trained();
        assertThat(result.get("members")).hasSize(MEMBERS);
        for (int number = 1; number <= MEMBERS; number++) {
            Path alone = folder.resolve("alone" + number);
            Cli cli = train(alone, "--seed=" + (6 + number));
            JsonNode member = result.get("members").get(number - 1);
            assertThat(member.get("weightsSha256")).isEqualTo(cli.json().get("weightsSha256"));
            assertThat(member.get("testAccuracy")).isEqualTo(cli.json().get("testAccuracy"));
            assertThat(member.get("seed").intValue()).isEqualTo(6 + number);
        }
        Cli again = Cli.run(
                "reproduce", Ensemble.member(ensemble, 2).resolve("run.json"), "--out", folder.resolve("again"));
        assertThat(again.out()).startsWith("Same bits: ");
        Cli evaluated =
                Cli.run("eval", "--backend=reference", "--model", ensemble, "--dataset", TinyData.in(folder), "--json");
        assertThat(evaluated.json().get("accuracy")).isEqualTo(result.get("testAccuracy"));
        assertThat(evaluated.json().get("loss")).isEqualTo(result.get("testLoss"));
        assertThat(evaluated.json().get("models")).hasSize(MEMBERS);
        assertThat(ensemble.resolve("ensemble.json")).exists();
    }

    /** Distorted versions of the test images change the judgement, and no weight. */
    @Test
    void distortedVersionsAreJudgedToo() {
        JsonNode plain = trained();
        Path other = folder.resolve("judged");
        JsonNode judged =
                train(other, "--members=" + MEMBERS, "--seed=7", "--tta=4").json();
        JsonNode single = train(folder.resolve("single"), "--seed=7", "--tta=4").json();

        assertThat(judged.get("members")).isEqualTo(plainMembers(plain, other));
        assertThat(judged.get("testLoss")).isNotEqualTo(plain.get("testLoss"));
        assertThat(judged.get("testLoss")).isEqualTo(evaluated(ensemble).get("loss"));
        assertThat(single.get("testLoss"))
                .isEqualTo(evaluated(folder.resolve("single/model.safetensors")).get("loss"));
        assertThat(single.get("weightsSha256")).isEqualTo(plain.at("/members/0/weightsSha256"));
    }

    private JsonNode evaluated(Path model) {
        return Cli.run(
                        "eval",
                        "--backend=reference",
                        "--model",
                        model,
                        "--dataset",
                        TinyData.in(folder),
                        "--tta=4",
                        "--json")
                .json();
    }

    private static JsonNode plainMembers(JsonNode plain, Path other) {
        JsonNode members = plain.get("members").deepCopy();
        for (int number = 1; number <= MEMBERS; number++) {
            ((ObjectNode) members.get(number - 1))
                    .put("folder", Ensemble.member(other, number).toString());
        }
        return members;
    }

    @Test
    void anInterruptedEnsembleGoesOn() throws IOException {
        JsonNode whole = trained();
        // As if it had been killed within its second member, after a checkpoint, and before its third.
        Path second = Ensemble.member(ensemble, 2);
        Files.delete(second.resolve("model.safetensors"));
        try (Stream<Path> files = Files.list(Ensemble.member(ensemble, 3))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        assertThat(train(ensemble, "--members=" + MEMBERS, "--seed=7").exitCode())
                .isEqualTo(ExitCode.USAGE);
        Cli cli = train(ensemble, "--members=" + MEMBERS, "--seed=7", "--resume");
        assertThat(cli.exitCode()).as(cli.err()).isZero();
        assertThat(cli.json()).isEqualTo(whole);
    }

    @ParameterizedTest
    @EnumSource(Combination.class)
    void theMeanIsTakenOverAll(Combination combination) throws OrtException {
        trained();
        Dataset test = test();
        List<Model> models = Ensemble.files(ensemble).stream()
                .map(file -> Model.read(file, assumption -> {}))
                .toList();
        float[][] together;
        double[][] expected = new double[test.size()][test.classes()];
        try (ReferenceBackend backend = new ReferenceBackend();
                LoadedEnsemble all =
                        new LoadedEnsemble(backend, new Ensemble(models, combination), LoadedEnsemble.Versions.NONE)) {
            together = all.probabilities(test);
            for (Model model : models) {
                try (LoadedModel single = new LoadedModel(backend, model)) {
                    float[][] probabilities = single.probabilities(test);
                    for (int i = 0; i < expected.length; i++) {
                        for (int j = 0; j < expected[i].length; j++) {
                            expected[i][j] += combination == Combination.LOGITS
                                    ? Math.log(probabilities[i][j]) / MEMBERS
                                    : probabilities[i][j] / (double) MEMBERS;
                        }
                    }
                }
            }
        }
        for (int i = 0; i < expected.length; i++) {
            double sum = 0;
            for (double value : expected[i]) {
                sum += combination == Combination.LOGITS ? Math.exp(value) : value;
            }
            for (int j = 0; j < expected[i].length; j++) {
                double value = combination == Combination.LOGITS ? Math.exp(expected[i][j]) / sum : expected[i][j];
                assertThat(together[i][j]).isCloseTo((float) value, within(1e-5f));
            }
        }
        Path onnx = folder.resolve("ensemble.onnx");
        Cli cli = Cli.run("export", "--model", ensemble, "--mean", Word.of(combination), "--onnx", onnx);
        assertThat(cli.exitCode()).as(cli.err()).isZero();
        OnnxComparison.compare(together, onnx, test);
    }

    @Test
    void whatEachImageShowsIsSaidByAll() {
        trained();
        Cli cli = Cli.run(
                "predict",
                "--backend=reference",
                "--model",
                Ensemble.member(ensemble, 1),
                "--model",
                Ensemble.member(ensemble, 2).resolve("model.safetensors"),
                "--dataset",
                TinyData.in(folder),
                "--index=3",
                "--tta=4",
                "--json");
        assertThat(cli.exitCode()).as(cli.err()).isZero();
        double sum = 0;
        for (JsonNode probability : cli.json().get("predictions").get(0).get("probabilities")) {
            sum += probability.doubleValue();
        }
        assertThat(sum).isCloseTo(1, within(1e-6));
    }

    @Test
    void versionsOfAnImageAreTheSameEachTime() {
        trained();
        String[] results = new String[3];
        for (int i = 0; i < results.length; i++) {
            results[i] = Cli.run(
                            "eval",
                            "--backend=reference",
                            "--model",
                            Ensemble.member(ensemble, 1),
                            "--dataset",
                            TinyData.in(folder),
                            i < 2 ? "--tta=3" : "--tta=0",
                            "--json")
                    .json()
                    .get("loss")
                    .asText();
        }
        assertThat(results[0]).isEqualTo(results[1]).isNotEqualTo(results[2]);
    }

    @Test
    void whatDoesNotFitTogetherIsRefused() throws IOException {
        trained();
        Cli npz = Cli.run("export", "--model", ensemble, "--npz", folder.resolve("e.npz"));
        assertThat(npz.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(npz.err()).contains("--npz holds one network, but 3 are given");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Cli nothing = Cli.run("eval", "--backend=reference", "--model", empty, "--dataset", TinyData.in(folder));
        assertThat(nothing.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(nothing.err()).contains(empty + " holds no trained network: neither model.safetensors nor member-1");
        for (String members : List.of("0", "101")) {
            assertThat(train(folder.resolve("other"), "--members=" + members).err())
                    .contains("--members is " + members + ", but must be between 1 and 100.");
        }
        assertThat(train(ensemble).err()).contains("already holds a run");
        Path third = Ensemble.member(ensemble, 3).resolve("run.json");
        String before = Files.readString(third);
        Files.delete(Ensemble.member(ensemble, 1).resolve("run.json"));
        Cli over = train(ensemble, "--members=" + MEMBERS);
        assertThat(over.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(over.err()).contains("member-2, but that folder already holds a run");
        assertThat(Files.readString(third)).isEqualTo(before);
    }
}

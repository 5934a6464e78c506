package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.TinyData;
import bpnn.app.session.ExitCode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditCommandTest {
    private static final String UNTRACED = "untraced";

    @TempDir
    Path folder;

    private Cli train(String run, String... more) {
        Cli cli = attempt(run, more);
        assertThat(cli.exitCode()).as(cli.err()).isIn(ExitCode.DONE, ExitCode.DIVERGED);
        return cli;
    }

    /** With {@code UNTRACED} among the options, without a trace. */
    private Cli attempt(String run, String... more) {
        Map<String, String> options = new TreeMap<>(Map.of(
                "--hidden", "8,6",
                "--batch-size", "50",
                "--validation", "50",
                "--epochs", "4",
                "--seed", "5",
                "--learning-rate", "0.01",
                "--dropout", "0.2",
                "--trace", "epoch",
                "--trace-states", "1"));
        for (String option : more) {
            int equals = option.indexOf('=');
            options.put(
                    equals < 0 ? option : option.substring(0, equals), equals < 0 ? "" : option.substring(equals + 1));
        }
        List<Object> arguments = new ArrayList<>(List.of(
                "train",
                "--backend=reference",
                "--quiet",
                "--dataset=" + TinyData.in(folder),
                "--out=" + folder.resolve(run)));
        if (options.remove(UNTRACED) != null) {
            options.remove("--trace");
            options.remove("--trace-states");
        }
        options.forEach((name, value) -> arguments.add(value.isEmpty() ? name : name + "=" + value));
        return Cli.run(arguments.toArray());
    }

    private Cli audit(String run, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("audit", folder.resolve(run), "--backend=reference"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray());
    }

    private void assertForged(String run, String... sentences) {
        Cli cli = audit(run, "--all");
        assertThat(cli.exitCode()).as(cli.out() + cli.err()).isEqualTo(AuditCommand.FORGED);
        assertThat(cli.out()).startsWith("The trace does not hold. ").contains(sentences);
        assertThat(cli.err()).doesNotContain("\tat ");
    }

    @Test
    void aTraceHolds() {
        train("run", "--batch-norm");

        Cli all = audit("run");
        Cli some = audit("run", "--segments=2", "--seed=3", "--json");

        assertThat(all.exitCode()).as(all.err()).isZero();
        assertThat(all.out())
                .startsWith("4 of 4 segments computed on reference (")
                .contains("gave the bits that reference (", ") claimed; that is the whole training.");
        assertThat(all.err())
                .contains("Chain of 5 links intact, not signed.", "4 of 4: segment 4, steps 16 to the end");
        assertThat(some.json().get("confirmed").booleanValue()).isTrue();
        assertThat(some.json().get("checked").intValue()).isEqualTo(2);
        assertThat(some.json().get("probabilityOfNoticing").doubleValue()).isEqualTo(0.5);
        assertThat(audit("run", "--segments=2", "--seed=3", "--json").out()).isEqualTo(some.out());
    }

    /** Everything that a state can hold, with links and states within epochs. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--trace=2",
                "--trace=2 --ema=0.9 --batch-norm",
                "--trace=2 --swa=0.5 --batch-norm --augment=elastic",
                "--trace=3 --patience=1 --learning-rate=0.3",
                "--steps=17 --schedule=one-cycle",
                "--trace=2 --trace-states=3 --calibrate",
                "--optimizer=sgd --learning-rate=1e30 --activation=relu --dropout=0",
                "--trace=1 --optimizer=sgd --learning-rate=1e30 --activation=relu --dropout=0",
                "--trace=1000 --no-shuffle --optimizer=nesterov"
            })
    void everyKindOfTrainingCanBeComputedAgain(String options) {
        train("run", options.split(" "));

        Cli cli = audit("run", "--all");

        assertThat(cli.exitCode()).as(cli.out() + cli.err()).isZero();
        assertThat(cli.out()).contains("that is the whole training.");
    }

    @Test
    void aTraceChangesNothingAboutTheTraining() {
        Cli traced = train("traced", "--json", "--trace=1");
        Cli plain = train("plain", "--json", UNTRACED);
        assertThat(traced.json().get("weightsSha256")).isEqualTo(plain.json().get("weightsSha256"));
    }

    @Test
    void aResumedRunGoesOnWithItsTrace() throws IOException {
        train("whole");
        train("run", "--epochs=2");
        Files.writeString(
                folder.resolve("run/trace.jsonl"),
                Files.readString(folder.resolve("run/trace.jsonl")) + "{\"link\":3,\"half a li");

        Cli resumed = train("run", "--resume");
        Cli untraced = attempt("run", "--resume", "--epochs=6", UNTRACED);

        assertThat(resumed.exitCode()).isZero();
        assertThat(audit("run", "--all").exitCode()).isZero();
        assertThat(states("run")).isEqualTo(states("whole"));
        assertThat(untraced.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(untraced.err()).contains("has a trace, which would end here");
    }

    /** A kill can come when the checkpoint is written and its link is not. */
    @Test
    void aLinkThatAKillLeftUnwrittenIsMadeUpFor() throws IOException {
        train("whole");
        train("run", "--epochs=2");
        Path chain = folder.resolve("run/trace.jsonl");
        List<String> lines = Files.readAllLines(chain);
        Files.write(chain, lines.subList(0, 3));

        train("run", "--resume");

        assertThat(audit("run", "--all").exitCode()).isZero();
        assertThat(states("run")).isEqualTo(states("whole"));
        Files.write(chain, lines.subList(0, 2));
        Cli cut = attempt("run", "--resume");
        assertThat(cut.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(cut.err())
                .contains(
                        "has no link for step 5, but the checkpoint stands at 20; the run cannot go on with its trace.");
    }

    private List<String> states(String run) throws IOException {
        return new ForgedTrace(folder.resolve(run))
                .lines.stream()
                        .filter(line -> line.has("link"))
                        .map(line -> line.get("step") + " " + line.get("stateSha256"))
                        .toList();
    }

    @Test
    void theMembersOfAnEnsembleAreTracedEach() {
        train("run", "--members=2", "--epochs=2");

        assertThat(audit("run/member-2", "--all").exitCode()).isZero();
    }

    @Test
    void aWeightThatWasChangedByOneBit() throws IOException {
        train("run");
        Path model = folder.resolve("run/model.safetensors");
        byte[] bytes = Files.readAllBytes(model);
        bytes[bytes.length - 4] ^= 1;
        Files.write(model, bytes);

        assertForged("run", "The weights in " + model + " are not those at the end of the trace");
    }

    @Test
    void aStateThatWasSwapped() throws IOException {
        train("run");
        Path states = folder.resolve("run/trace-states");
        Files.copy(
                states.resolve("step-000000005.safetensors.gz"),
                states.resolve("step-000000010.safetensors.gz"),
                StandardCopyOption.REPLACE_EXISTING);

        assertForged("run", "is not the one that the trace has for step 10");
    }

    @Test
    void anEpochThatWasSkipped() throws Exception {
        train("run");
        ForgedTrace forged = new ForgedTrace(folder.resolve("run"));
        forged.lines.remove(3);
        forged.write();

        assertForged(
                "run",
                "The trace has no link for step 10 (epoch 2), where its plan needs one; the next is that for step 15");
    }

    @Test
    void aTrainingThatEndedEarly() throws Exception {
        train("run");
        ForgedTrace forged = new ForgedTrace(folder.resolve("run"));
        forged.lines.remove(5);
        forged.lines.get(5).put("step", 15);
        forged.write();

        assertForged("run", "the training was done after step 15, but its plan has 20 steps");
    }

    @Test
    void anotherSeedThanIsSaid() throws Exception {
        train("run", "--seed=6");
        ForgedTrace forged = new ForgedTrace(folder.resolve("run"));
        forged.lines.get(0).withObjectProperty("configuration").put("seed", 5);
        forged.lines.get(0).withObjectProperty("options").put("seed", "5");
        forged.write();

        assertForged(
                "run",
                "What run.json says is not what the trace vouches for: configuration.seed is 5 in the trace, but 6 here.");
        ForgedTrace.inRecord(folder.resolve("run"), "/configuration", "seed", IntNode.valueOf(5));
        assertForged("run", "The trace does not begin with the state that configuration and seed give");
    }

    /** The header says one thing, and the options that everybody repeats the run by another. */
    @Test
    void anotherConfigurationThanThatOfTheOptions() throws Exception {
        train("run");
        ForgedTrace forged = new ForgedTrace(folder.resolve("run"));
        forged.lines.get(0).withObjectProperty("options").put("dropout", "0.3");
        forged.write();

        assertForged(
                "run",
                "What the trace vouches for is not what its options and the data here give: configuration.dropout"
                        + " is 0.2 in the trace, but 0.3 here");
    }

    @Test
    void anotherLearningRateFromTheThirdEpochOn() throws Exception {
        train("run");
        train("other", "--learning-rate=0.02");
        Path run = folder.resolve("run");
        Path other = folder.resolve("other");
        ForgedTrace forged = new ForgedTrace(run);
        List<?> rest = new ForgedTrace(other).lines;
        for (int line = 4; line < forged.lines.size(); line++) {
            forged.lines.set(line, (ObjectNode) rest.get(line));
        }
        forged.write();
        for (String file : List.of(
                "model.safetensors",
                "trace-states/step-000000015.safetensors.gz",
                "trace-states/step-000000020.safetensors.gz")) {
            Files.copy(other.resolve(file), run.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        ForgedTrace.inRecord(
                run,
                "/result",
                "weightsSha256",
                TextNode.valueOf(forged.lines.get(6).get("weightsSha256").asText()));

        assertForged(
                "run",
                "The state after step 15 has the hash ",
                "Up to step 10 the bits are the same.",
                " in the trace, but ",
                " when computed again; ");
    }

    @Test
    void aLabelThatWasChangedInTheData() throws Exception {
        train("run");
        Path labels = TinyData.in(folder).resolve("train-labels-idx1-ubyte");
        byte[] bytes = Files.readAllBytes(labels);
        bytes[8] = (byte) ((bytes[8] + 1) % 10);
        Files.write(labels, bytes);

        assertForged("run", "the data here give: data.trainSha256 is ");

        // Whoever changes the hashes too finds that the training gives other bits.
        String now = train("other").exitCode()
                + new ForgedTrace(folder.resolve("other"))
                        .lines
                        .get(0)
                        .at("/data/trainSha256")
                        .asText();
        ForgedTrace forged = new ForgedTrace(folder.resolve("run"));
        forged.lines.get(0).withObjectProperty("data").put("trainSha256", now.substring(1));
        forged.write();
        ForgedTrace.inRecord(folder.resolve("run"), "/data", "trainSha256", TextNode.valueOf(now.substring(1)));
        assertForged("run", "The state after step 5 has the hash ", "Up to step 0 the bits are the same.");
    }

    @Test
    void aChainThatWasCutAndRejoined() throws IOException {
        train("run");
        Path chain = folder.resolve("run/trace.jsonl");
        List<String> lines = new ArrayList<>(Files.readAllLines(chain));
        lines.remove(3);
        Files.write(chain, lines);
        assertForged("run", "is broken: line 4 does not follow line 3; lines were removed, moved or put in.");

        lines.set(2, lines.get(2).replace("\"epochs\":1", "\"epochs\":2"));
        Files.write(chain, lines);
        assertForged("run", "is broken: line 3 is not what its hash says; it was changed after it was written.");
    }

    @Test
    void signatures() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyPair others = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path secret = pem("secret.pem", "PRIVATE KEY", keys.getPrivate());
        Path known = pem("public.pem", "PUBLIC KEY", keys.getPublic());
        Path foreign = pem("foreign.pem", "PUBLIC KEY", others.getPublic());
        train("run", "--sign=" + secret);
        train("unsigned");

        Cli right = audit("run", "--public-key", known);
        Cli wrong = audit("run", "--public-key", foreign);
        Cli none = audit("unsigned", "--public-key", known);

        assertThat(right.exitCode()).as(right.err()).isZero();
        assertThat(right.err()).contains("signed by the owner of the key ");
        assertThat(wrong.exitCode()).isEqualTo(AuditCommand.FORGED);
        assertThat(wrong.out()).contains("It is signed, but not by the owner of the key ");
        assertThat(none.exitCode()).isEqualTo(AuditCommand.FORGED);
        assertThat(none.out()).contains("It is not signed, but was to be by the owner of the key ");
        // A trace that was joined again has another last link, so the signature is nobody's.
        ForgedTrace forged = new ForgedTrace(folder.resolve("run"));
        forged.lines.get(2).put("trainLoss", 0.5);
        String signature = forged.lines.remove(7).toString();
        forged.write();
        Path chain = folder.resolve("run/trace.jsonl");
        Files.writeString(chain, Files.readString(chain) + signature + "\n");
        assertThat(audit("run", "--public-key", known).out()).contains("not by the owner");
        assertThat(audit("run", "--public-key", secret).exitCode()).isEqualTo(ExitCode.DATA);
    }

    private Path pem(String name, String kind, Key key) throws IOException {
        return Files.writeString(
                folder.resolve(name),
                "-----BEGIN " + kind + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded()) + "\n-----END "
                        + kind + "-----\n");
    }

    @Test
    void whatIsDamagedIsSaid() throws Exception {
        train("run");
        Path chain = folder.resolve("run/trace.jsonl");
        String text = Files.readString(chain);
        for (String[] damage : new String[][] {
            {"", "is damaged"},
            {"no json\n", "line 1 cannot be read"},
            {"[1]\n", "line 1 is no JSON object"},
            {text.substring(0, text.length() - 10), "its last line is cut off"},
            {text.replace("{\"trace\":1", "{\"trace\":2"), "has format 2, but this program knows formats up to 1"},
            {text.replace("{\"trace\":1", "{\"trace\":\"x\""), "does not begin with the version of its format"},
            {text.substring(0, text.indexOf("{\"end\"")), "was cut off, or the training has not come to its end"},
            {text.substring(0, text.indexOf('\n') + 1), "it has no link"}
        }) {
            Files.writeString(chain, damage[0]);
            Cli cli = audit("run");
            assertThat(cli.exitCode()).as(damage[1] + cli.out() + cli.err()).isEqualTo(ExitCode.DATA);
            assertThat(cli.err()).contains(damage[1]).doesNotContain("\tat ", "StreamRead");
        }
        Files.writeString(chain, text);
        Path state = folder.resolve("run/trace-states/step-000000010.safetensors.gz");
        byte[] bytes = Files.readAllBytes(state);
        for (byte[] content : List.of(
                new byte[0], "no gzip".getBytes(StandardCharsets.UTF_8), Arrays.copyOf(bytes, bytes.length / 2))) {
            Files.write(state, content);
            Cli cli = audit("run", "--all");
            assertThat(cli.exitCode()).as(cli.out() + cli.err()).isEqualTo(ExitCode.DATA);
            assertThat(cli.err()).contains("The state " + state).doesNotContain("\tat ");
        }
        Files.delete(state);
        assertThat(audit("run", "--all").err()).contains("there is no such file");
        Cli untraced = Cli.run("audit", folder.resolve("nowhere"));
        assertThat(untraced.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(untraced.err()).contains("There is no trace in ", "--trace");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train --trace=0 | --trace is 0, but must be at least 1.",
                "train --trace=often | --trace is \"often\", but must be epoch or a number of steps.",
                "train --trace-states=2 | --trace-states belongs to a trace; give --trace too.",
                "train --trace --trace-states=0 | --trace-states is 0, but must be at least 1.",
                "train --sign=key.pem | --sign belongs to a trace; give --trace too.",
                "audit run --segments=0 | --segments is 0, but must be at least 1.",
                "audit run --segments=3 --all | Either --segments or --all can be given, not both."
            })
    void whatCannotBeIsRefused(String line) {
        String[] parts = line.split(" \\| ");

        Cli cli = Cli.run((Object[]) parts[0].split(" "));

        assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.err()).contains(parts[1]);
    }

    @Test
    void comparedRunsSayWhereTheyParted() {
        train("a");
        train("b", "--epochs=6");
        train("c", "--seed=9");

        Cli same = Cli.run("compare", folder.resolve("a"), folder.resolve("b"));
        Cli other = Cli.run("compare", folder.resolve("a"), folder.resolve("c"), "--json");

        assertThat(same.out()).contains("traces: the same states up to step 20");
        assertThat(other.json().at("/others/0/traces/lastEqualStep").isNull()).isTrue();
        assertThat(other.json().at("/others/0/traces/firstOtherStep").intValue())
                .isZero();
    }
}

package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bpnn.app.TinyData;
import bpnn.data.DataException;
import bpnn.lab.run.ImagesFile;
import bpnn.lab.run.RunPlan;
import bpnn.lab.work.WorkHandler;
import bpnn.lab.work.WorkItem;
import bpnn.lab.work.WorkOutcome;
import bpnn.lab.work.WorkSite;
import bpnn.mnist.DataSplit;
import bpnn.mnist.SyntheticDigits;
import bpnn.spi.BackendException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker of a cluster makes of a job, without a cluster. */
class ClusterWorkerTest {
    @TempDir
    Path folder;

    /** What was sent to a worker. */
    private record Site(Path plugins, Map<String, byte[]> sent) implements WorkSite {
        @Override
        public Optional<byte[]> data(String name) {
            return Optional.ofNullable(sent.get(name));
        }

        @Override
        public int threads() {
            return 1;
        }
    }

    private WorkOutcome carryOut(String settings, Map<String, String> options, byte @Nullable [] sent) {
        Map<String, byte[]> data = sent == null ? Map.of() : Map.of(ImageSource.key(options), sent);
        WorkSite site = new Site(folder.resolve("plugins"), data);
        try (WorkHandler handler = new SweepWorker().prepare(settings, site).apply(OptionalInt.empty())) {
            WorkItem item = new WorkItem("run", SweepHandler.content(options));
            return handler.carryOut(item, folder.resolve("run")).orElseThrow();
        }
    }

    private Map<String, String> options() {
        return new TreeMap<>(
                Map.of("dataset", TinyData.in(folder).toString(), "validation", "50", "hidden", "4", "epochs", "1"));
    }

    private static String settings(String backend, String images) {
        return "{\"backend\": {\"backend\": \"" + backend + "\"}, \"keep\": \"none\", \"images\": {" + images + "}}";
    }

    @Test
    void imagesThatWereSentAreTrainedOn() {
        DataSplit digits = SyntheticDigits.generate(7, TinyData.TRAIN, TinyData.TEST);
        RunPlan.Images images =
                new RunPlan.Images(digits.train().slice(0, 250), digits.train().slice(250, 300), digits.test(), "", "");
        Map<String, String> nowhere = options();
        nowhere.put("dataset", folder.resolve("nowhere").toString());

        WorkOutcome outcome = carryOut(settings("cpu", ""), nowhere, ImagesFile.write(images));

        assertThat(outcome.failure()).isNull();
        assertThat(outcome.digest()).hasSize(64);
        assertThat(outcome.computer().backend()).isEqualTo("cpu");
        assertThat(outcome.computer().isExact()).isTrue();
        assertThat(Files.exists(folder.resolve("run/model.safetensors"))).isFalse();
        assertThat(folder.resolve("run/run.json")).exists();
    }

    @Test
    void imagesThatAreNotThoseOfTheDriver() {
        String images = "\"" + ImageSource.key(options()) + "\": {\"trainSha256\": \"abc\", \"testSha256\": \"def\"}";

        assertThatThrownBy(() -> carryOut(settings("cpu", images), options(), null))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("The training images there have the SHA-256 ")
                .hasMessageContaining(", but those here abc; let all machines have the same files");
    }

    @Test
    void aBackendThatIsNotThere() {
        assertThatThrownBy(() -> carryOut(settings("nobody", ""), options(), null))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("nobody");
    }

    /** It would be the same on every other worker. */
    @Test
    void whatCannotBeTrainedIsAnOutcome() {
        Map<String, String> options = options();
        options.put("validation", "0");
        DataSplit digits = SyntheticDigits.generate(7, 60, 20);
        byte[] sent = ImagesFile.write(new RunPlan.Images(digits.train(), null, digits.test(), "", ""));

        assertThat(carryOut(settings("cpu", ""), options, sent).failure())
                .isEqualTo("--validation is 0, but a sweep chooses by the validation images; there must be some.");
    }
}

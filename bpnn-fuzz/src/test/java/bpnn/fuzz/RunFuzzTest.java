package bpnn.fuzz;

import bpnn.io.safetensors.SafetensorsWriter;
import bpnn.io.tensor.TensorFile;
import bpnn.lab.comparison.FinishedRun;
import bpnn.lab.run.RunFolder;
import bpnn.lab.run.RunRecord;
import bpnn.nn.StateTensor;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Folders of runs of which one file is whatever the fuzzer thinks of. */
class RunFuzzTest {
    private static final RunFolder RUN = new RunFolder(Refusals.FOLDER);
    private static final String RECORD = """
            {"configuration": {"seed": 1}, "data": {"testImages": 10}, "result": {"steps": 1, "testAccuracy": 0.5}}""";

    /** What {@code reproduce} and {@code --resume} read. */
    @FuzzTest(maxDuration = "60s")
    void record(byte[] content) {
        Path other = Refusals.file("other.json", RECORD.getBytes(StandardCharsets.UTF_8));
        Path file = Refusals.file("run.json", content);
        Refusals.check(file, () -> {
            JsonNode before = RunRecord.read(file);
            RunRecord.differences(before, RunRecord.read(other), List.of("configuration", "data", "result"));
        });
    }

    /** What {@code compare} reads of the record. */
    @FuzzTest(maxDuration = "60s")
    void compared(byte[] content) {
        compare(content, new byte[0]);
    }

    @FuzzTest(maxDuration = "60s")
    void history(byte[] content) {
        compare(RECORD.getBytes(StandardCharsets.UTF_8), content);
    }

    private static void compare(byte[] record, byte[] history) {
        Refusals.file("run.json", record);
        Refusals.file("history.jsonl", history);
        SafetensorsWriter.write(RUN.model(), TensorFile.of(Map.of(), Map.of("fc1.weight", StateTensor.vector(1))));
        Refusals.check(Refusals.FOLDER, () -> {
            FinishedRun run = FinishedRun.read(Refusals.FOLDER, "A");
            run.compare(run, 1e-4);
        });
    }
}

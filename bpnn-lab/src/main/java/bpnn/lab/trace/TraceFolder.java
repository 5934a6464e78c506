package bpnn.lab.trace;

import java.nio.file.Path;
import java.util.Locale;

/**
 * Where the trace of a run lies.
 *
 * @param run the run's folder
 */
public record TraceFolder(Path run) {
    /** The chain. */
    public Path chain() {
        return run.resolve("trace.jsonl");
    }

    /** The folder of the kept states. */
    Path states() {
        return run.resolve("trace-states");
    }

    /** A kept state. */
    Path state(long step) {
        return states().resolve(String.format(Locale.ROOT, "step-%09d.safetensors.gz", step));
    }
}

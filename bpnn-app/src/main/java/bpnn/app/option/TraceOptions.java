package bpnn.app.option;

import bpnn.lab.trace.TraceSettings;
import bpnn.lab.trace.TraceSignature;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether a training leaves a trace, for others to check it by. */
public final class TraceOptions {
    private static final String EPOCH = "epoch";

    @Option(
            names = "--trace",
            arity = "0..1",
            paramLabel = "epoch|N",
            fallbackValue = EPOCH,
            description =
                    "Keep a chain of hashes of the whole training state, a link for each epoch or every N steps of it,"
                            + " with which audit checks the training.")
    private @Nullable String trace;

    @Option(
            names = "--trace-states",
            paramLabel = "N",
            description =
                    "Keep the state itself at every N-th link, packed: where an audit can begin (default: 20 states, but"
                            + " none within 5 epochs of another).")
    private @Nullable Integer states;

    @Option(
            names = "--sign",
            paramLabel = "KEY",
            description =
                    "Sign the trace with this Ed25519 key, a PEM file as openssl genpkey -algorithm ed25519 writes it.")
    private @Nullable Path key;

    /** Refuses what cannot be, before anything is loaded. */
    public void check() {
        if (trace == null && (states != null || key != null)) {
            throw new UsageException(
                    (states != null ? "--trace-states" : "--sign") + " belongs to a trace; give --trace too.");
        }
        if (trace != null) {
            everySteps(trace);
        }
        if (states != null) {
            Range.atLeast("--trace-states", states, 1);
        }
    }

    /** What the trace is to hold, if there is to be one; reads the key. */
    public Optional<TraceSettings> settings() {
        return Optional.ofNullable(trace)
                .map(every -> new TraceSettings(
                        everySteps(every),
                        states == null ? 0 : states,
                        key == null ? null : TraceSignature.readPrivateKey(key)));
    }

    private static int everySteps(String every) {
        if (every.equals(EPOCH)) {
            return 0;
        }
        try {
            int steps = Integer.parseInt(every);
            Range.atLeast("--trace", steps, 1);
            return steps;
        } catch (NumberFormatException e) {
            throw new UsageException("--trace is \"" + every + "\", but must be " + EPOCH + " or a number of steps.");
        }
    }
}

package bpnn.lab.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run of a sweep came to. The test images play no part in it.
 *
 * @param trial which trial it belongs to
 * @param seed its seed
 * @param rung of successive halving, from 0
 * @param status done, diverged or failed
 * @param validationAccuracy share of the validation images that are read right; NaN unless done
 * @param validationLoss mean cross-entropy on them, in nats; NaN unless done
 * @param weightsSha256 hash of the weights; null if there are none
 * @param seconds of training
 * @param backend what it was computed with
 * @param worker of a cluster that computed it; empty if none did
 * @param reason why it failed; null if it did not
 */
public record RunOutcome(
        Trial trial,
        long seed,
        int rung,
        String status,
        double validationAccuracy,
        double validationLoss,
        @Nullable String weightsSha256,
        double seconds,
        String backend,
        String worker,
        @Nullable String reason) {

    /** A run that could not be carried out, for a reason of its own. */
    public static RunOutcome failed(Trial trial, long seed, int rung, String worker, String reason) {
        return new RunOutcome(trial, seed, rung, "failed", Double.NaN, Double.NaN, null, 0, "", worker, reason);
    }

    /** What {@code run.json} says of a run that came to its end; empty if it has not. */
    public static Optional<RunOutcome> of(Trial trial, long seed, int rung, JsonNode record, String worker) {
        String status = record.path("status").asText();
        JsonNode result = record.path("result");
        if (!status.equals("done") && !status.equals("diverged")) {
            return Optional.empty();
        }
        return Optional.of(new RunOutcome(
                trial,
                seed,
                rung,
                status,
                result.path("validationAccuracy").asDouble(Double.NaN),
                result.path("validationLoss").asDouble(Double.NaN),
                result.path("weightsSha256").asText(null),
                result.path("trainSeconds").asDouble(0),
                record.at("/backend/id").asText() + " ("
                        + record.at("/backend/device").asText() + ", "
                        + record.at("/backend/numerics").asText() + ")",
                worker,
                result.has("error") ? result.path("error").asText() : null));
    }

    /** Whether it can be ranked. */
    public boolean isDone() {
        return status.equals("done");
    }
}

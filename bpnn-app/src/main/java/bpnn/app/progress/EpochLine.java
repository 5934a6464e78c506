package bpnn.app.progress;

import bpnn.nn.EpochResult;
import bpnn.nn.Evaluation;
import java.util.Locale;

/** What an epoch brought, on one line. */
final class EpochLine {
    private EpochLine() {}

    static String of(EpochResult result, int epochs) {
        Evaluation validation = result.validation();
        String judged = validation == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        ", validation loss %.4f, validation accuracy %.4f",
                        validation.loss(),
                        validation.accuracy());
        return String.format(
                Locale.ROOT,
                "epoch %d/%d: loss %.4f%s, %.1f s, %,.0f images/s",
                result.epoch(),
                epochs,
                result.trainLoss(),
                judged,
                result.seconds(),
                result.imagesPerSecond());
    }
}

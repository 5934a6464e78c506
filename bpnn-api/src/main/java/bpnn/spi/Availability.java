package bpnn.spi;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a backend can be opened here; if not, why and what would help. */
public sealed interface Availability {
    /**
     * It can be opened.
     *
     * @param device the device in words, such as "4 cores of AMD EPYC, vectors of 256 bits"
     * @param facts further facts by name, for {@code backends} and {@code run.json}; in display order
     * @param notice one sentence about something that makes it slower than necessary; null if nothing does
     */
    record Available(
            String device,
            Map<String, String> facts,
            @Nullable String notice) implements Availability {}

    /**
     * It cannot be opened.
     *
     * @param reason one sentence: what is missing
     * @param hint one sentence: what to do about it
     * @param cause the exception, if any
     */
    record Unavailable(String reason, String hint, @Nullable Throwable cause) implements Availability {}
}

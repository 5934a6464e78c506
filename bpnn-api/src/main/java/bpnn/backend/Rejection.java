package bpnn.backend;

import org.jspecify.annotations.Nullable;

/**
 * A provider, or a file that should contain one, that cannot be used.
 *
 * @param origin where it was found, in words
 * @param reason one sentence: what is wrong with it
 * @param cause the exception, if any
 */
public record Rejection(
        String origin, String reason, @Nullable Throwable cause) {}

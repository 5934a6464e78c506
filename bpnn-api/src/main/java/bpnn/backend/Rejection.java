package bpnn.backend;

import org.jspecify.annotations.Nullable;

/**
 * Something that was found where backends are looked for, but is none that can be used.
 *
 * @param origin where it was found, in words
 * @param reason one sentence: what is wrong with it
 * @param cause what was thrown, if anything was
 */
public record Rejection(
        String origin, String reason, @Nullable Throwable cause) {}

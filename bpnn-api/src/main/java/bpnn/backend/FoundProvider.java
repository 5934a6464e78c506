package bpnn.backend;

import bpnn.spi.BackendProvider;

/**
 * A provider that could be loaded.
 *
 * @param provider the provider
 * @param origin where it was found, in words, such as a jar's path
 */
public record FoundProvider(BackendProvider provider, String origin) {}

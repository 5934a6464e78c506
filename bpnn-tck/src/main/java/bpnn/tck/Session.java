package bpnn.tck;

import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendProvider;
import bpnn.spi.Numerics;

/**
 * What the cases have to do with: a provider, and a backend of it that is open during the whole run.
 *
 * @param config how {@code backend} was opened, and how further ones are
 * @param draws where the content of operands comes from
 */
record Session(BackendProvider provider, BackendConfig config, Backend backend, Draws draws) {
    Bench bench() {
        return new Bench(backend);
    }

    Backend another() {
        return provider.open(config);
    }

    boolean exact() {
        return backend.numerics() == Numerics.EXACT;
    }
}

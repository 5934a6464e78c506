package bpnn.tck;

import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendProvider;
import bpnn.spi.Numerics;

/**
 * The fixture of the cases: the provider and an open backend, shared by the whole run.
 *
 * @param config how {@code backend} was opened, and how further ones are
 * @param generators creates the operands
 */
record Fixture(BackendProvider provider, BackendConfig config, Backend backend, OperandGenerators generators) {
    CallRunner runner() {
        return new CallRunner(backend);
    }

    Backend openAnother() {
        return provider.open(config);
    }

    boolean exact() {
        return backend.numerics() == Numerics.EXACT;
    }
}

/** The pure-Java CPU backend: Vector API kernels with a scalar fallback, the same bits from both. */
module bpnn.cpu {
    requires bpnn.api;
    requires static jdk.incubator.vector;
    requires static org.jspecify;

    provides bpnn.spi.BackendProvider with
            bpnn.cpu.CpuBackendProvider;
}

package bpnn.cuda;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.BackendException;
import bpnn.spi.BackendProvider;
import bpnn.spi.Numerics;
import java.util.Map;

/**
 * Provides an NVIDIA GPU as the backend {@code cuda}. On a machine without a driver it only looks for a few files and
 * loads no class of JCuda.
 */
public final class CudaBackendProvider implements BackendProvider {
    static final String ID = "cuda";

    /** For {@link java.util.ServiceLoader}. */
    public CudaBackendProvider() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public int apiVersion() {
        return BackendProvider.API_VERSION;
    }

    @Override
    public int priority() {
        return 200;
    }

    @Override
    public Availability probe() {
        try {
            Settings settings = Settings.of(Map.of());
            CudaDevice device = device(Installation.find(LibrarySearch.of(settings)), settings);
            return new Availability.Available(device.description(), device.facts(), null);
        } catch (CudaUnavailable e) {
            return e.availability();
        }
    }

    private static CudaDevice device(Installation installation, Settings settings) throws CudaUnavailable {
        JCudaLoader.loadDriver(installation, new FileCache(settings.cache()));
        return CudaDevice.find(installation, settings.device());
    }

    @Override
    public Backend open(BackendConfig config) {
        Numerics numerics = config.numerics().orElse(Numerics.FAST);
        try {
            Settings settings = Settings.of(config.options());
            if (settings.tf32() && numerics == Numerics.EXACT) {
                throw new BackendException("Products in TF32 are not exact: leave --tf32 (-D" + Settings.TF32
                        + ") out, or choose --numerics fast.");
            }
            Installation installation = Installation.find(LibrarySearch.of(settings));
            CudaDevice device = device(installation, settings);
            FileCache store = new FileCache(settings.cache());
            JCudaLoader.loadToolkit(installation, store);
            return new CudaBackend(device, numerics, settings.tf32(), store);
        } catch (CudaUnavailable e) {
            throw e.exception();
        }
    }
}

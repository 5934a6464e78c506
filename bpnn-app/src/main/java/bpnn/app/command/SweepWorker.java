package bpnn.app.command;

import bpnn.app.option.KeptWeights;
import bpnn.app.option.WordConverter;
import bpnn.lab.work.WorkHandler;
import bpnn.lab.work.WorkHandlerProvider;
import bpnn.lab.work.WorkSite;
import java.util.function.Supplier;

/** Runs of sweeps, on the workers of a cluster. */
public final class SweepWorker implements WorkHandlerProvider {
    static final String ID = "sweep";
    static final String KEEP = "keep";

    /** For {@link java.util.ServiceLoader}. */
    public SweepWorker() {}

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Supplier<WorkHandler> prepare(String settings, WorkSite site) {
        ClusterWorker worker = new ClusterWorker(settings, site);
        KeptWeights keep = WordConverter.convert(
                KeptWeights.class, worker.settings().path(KEEP).asText());
        return () -> new SweepHandler(worker.session(), worker.openBackend(), worker.images(), keep);
    }
}

package bpnn.app.command;

import bpnn.app.option.KeptWeights;
import bpnn.app.option.WordConverter;
import bpnn.lab.work.WorkHandler;
import bpnn.lab.work.WorkHandlerProvider;
import bpnn.lab.work.WorkSite;
import java.util.OptionalInt;
import java.util.function.Function;

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
    public Function<OptionalInt, WorkHandler> prepare(String settings, WorkSite site) {
        ClusterWorker worker = new ClusterWorker(settings, site);
        KeptWeights keep = WordConverter.convert(
                KeptWeights.class, worker.settings().path(KEEP).asText());
        return gpu -> new SweepHandler(worker.session(), worker.openBackend(gpu), worker.images(), keep);
    }
}

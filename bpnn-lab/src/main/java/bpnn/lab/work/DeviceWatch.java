package bpnn.lab.work;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Warns where items are computed in fast arithmetic on devices that need not give the same bits. */
public final class DeviceWatch implements WorkEngine {
    private final WorkEngine engine;
    private final Consumer<String> warnings;
    private final Set<String> devices = new TreeSet<>();
    private boolean warned;

    /** @param engine closed with this */
    public DeviceWatch(WorkEngine engine, Consumer<String> warnings) {
        this.engine = engine;
        this.warnings = warnings;
    }

    @Override
    public boolean run(@Nullable Path folder, List<WorkItem> items, Consumer<WorkResult> finished) {
        return engine.run(folder, items, result -> {
            finished.accept(result);
            see(result.outcome().computer());
        });
    }

    private void see(Computer computer) {
        devices.add(computer.toString());
        if (devices.size() > 1 && !computer.isExact() && !warned) {
            warned = true;
            warnings.accept("Runs are computed in fast arithmetic on different devices (" + String.join("; ", devices)
                    + "), so that differences between them are not those of the options alone; --numerics exact gives"
                    + " the same bits on all.");
        }
    }

    @Override
    public void requestStop() {
        engine.requestStop();
    }

    @Override
    public void close() {
        engine.close();
    }
}

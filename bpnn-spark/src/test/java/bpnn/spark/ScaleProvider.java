package bpnn.spark;

import bpnn.io.file.AtomicFile;
import bpnn.lab.work.Computer;
import bpnn.lab.work.WorkHandler;
import bpnn.lab.work.WorkHandlerProvider;
import bpnn.lab.work.WorkItem;
import bpnn.lab.work.WorkOutcome;
import bpnn.lab.work.WorkSite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Runs that take no time. */
public final class ScaleProvider implements WorkHandlerProvider {
    static final String ID = "scale";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Function<OptionalInt, WorkHandler> prepare(String settings, WorkSite site) {
        return gpu -> new Nothing();
    }

    private static final class Nothing implements WorkHandler {
        private static final Computer COMPUTER = new Computer("none", "nothing", "exact");

        /** A record as a run of a sweep leaves it. */
        @Override
        public Optional<WorkOutcome> carryOut(WorkItem item, Path folder) {
            String hash = Integer.toHexString(item.name().hashCode());
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            AtomicFile.write(folder.resolve("run.json"), """
                    {"status": "done", "configuration": {}, "backend": {"id": "none", "device": "nothing", "numerics": "exact"},
                    "result": {"validationAccuracy": 0.5, "validationLoss": 1, "trainSeconds": 0, "weightsSha256": "%s"}}
                    """.formatted(hash));
            return Optional.of(WorkOutcome.done(hash, COMPUTER));
        }

        @Override
        public void requestStop() {}

        @Override
        public void close() {}
    }
}

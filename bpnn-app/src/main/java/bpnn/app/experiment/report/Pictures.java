package bpnn.app.experiment.report;

import bpnn.data.Dataset;
import java.nio.file.Path;

final class Pictures {
    private final Path folder;

    Pictures(Path folder) {
        this.folder = folder;
    }

    void write(Chapter chapter, Dataset test) {
        System.getLogger(folder + chapter.verdict() + test.name());
    }
}

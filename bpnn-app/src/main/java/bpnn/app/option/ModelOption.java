package bpnn.app.option;

import bpnn.app.session.Session;
import bpnn.io.model.Model;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A trained network. */
public final class ModelOption {
    @Option(
            names = "--model",
            paramLabel = "FILE",
            required = true,
            description = "Trained network, such as model.safetensors of a run folder, or an archive of NumPy (.npz).")
    private Path file = Path.of("");

    @Mixin
    private final ForeignModelOptions foreign = new ForeignModelOptions();

    /** Where it is. */
    public Path file() {
        return file;
    }

    /** Reads it. */
    public Model read(Session session) {
        return foreign.read(file, session);
    }
}

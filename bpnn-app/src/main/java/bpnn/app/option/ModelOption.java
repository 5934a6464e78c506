package bpnn.app.option;

import bpnn.app.session.Session;
import bpnn.io.model.Combination;
import bpnn.io.model.Ensemble;
import bpnn.io.model.Model;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A trained network, or several that judge together. */
public final class ModelOption {
    @Option(
            names = "--model",
            paramLabel = "FILE|DIR",
            required = true,
            description =
                    "Trained network, such as model.safetensors of a run folder, or an archive of NumPy (.npz); given several"
                            + " times, or the folder of train --members, the networks judge together.")
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = "--mean",
            paramLabel = "probabilities|logits",
            defaultValue = "probabilities",
            description = "What is averaged where several judge together (default: ${DEFAULT-VALUE}).")
    private Combination combination = Combination.PROBABILITIES;

    @Mixin
    private final ForeignModelOptions foreign = new ForeignModelOptions();

    private List<Path> files() {
        return paths.stream().flatMap(path -> Ensemble.files(path).stream()).toList();
    }

    /** Reads them. */
    public Ensemble read(Session session) {
        List<Model> members =
                files().stream().map(file -> foreign.read(file, session)).toList();
        return new Ensemble(members, combination);
    }

    /** Adds what was read. */
    public void describe(Ensemble ensemble, ObjectNode json) {
        List<Path> files = files();
        if (files.size() == 1) {
            json.put("model", files.get(0).toString());
            json.put("weightsSha256", ensemble.first().sha256());
            return;
        }
        files.forEach(file -> json.withArray("models").add(file.toString()));
        ensemble.members().forEach(member -> json.withArray("weightsSha256").add(member.sha256()));
    }
}

package bpnn.app.command;

import bpnn.app.option.ModelOption;
import bpnn.app.option.UsageException;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.io.model.Ensemble;
import bpnn.io.npz.NpzWriter;
import bpnn.io.onnx.OnnxWriter;
import bpnn.lab.run.Build;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a trained network for other programs. */
@Command(
        name = "export",
        sortOptions = false,
        description =
                "Writes a trained network as ONNX or as an archive of NumPy, or several that judge together as ONNX.")
public final class ExportCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final ModelOption modelOption = new ModelOption();

    @Option(
            names = "--onnx",
            paramLabel = "FILE",
            description = "An ONNX graph from pixels, 0 to 255, to logits and probabilities.")
    private @Nullable Path onnx;

    @Option(names = "--npz", paramLabel = "FILE", description = "The tensors as an archive of NumPy.")
    private @Nullable Path npz;

    public ExportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (onnx == null && npz == null) {
            throw new UsageException("There is nothing to write; name a file by --onnx or --npz.");
        }
        Ensemble ensemble = modelOption.read(session);
        if (npz != null && ensemble.members().size() > 1) {
            throw new UsageException("--npz holds one network, but "
                    + ensemble.members().size() + " are given; several that judge together can be written by --onnx.");
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        modelOption.describe(ensemble, json);
        List<String> lines = new ArrayList<>();
        if (onnx != null) {
            OnnxWriter.write(onnx, ensemble, Build.number());
            json.put("onnx", onnx.toString());
            lines.add("Written as ONNX to " + onnx + ".");
        }
        if (npz != null) {
            NpzWriter.write(npz, ensemble.first().content());
            json.put("npz", npz.toString());
            lines.add("Written for NumPy to " + npz + ".");
        }
        session.result(String.join("\n", lines), json);
        return ExitCode.DONE;
    }
}

package bpnn.app.command;

import bpnn.app.option.BackendOptions;
import bpnn.app.option.Desktop;
import bpnn.app.option.ForeignModelOptions;
import bpnn.app.option.PageOptions;
import bpnn.app.option.UsageException;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.io.image.InputPicture;
import bpnn.io.model.Combination;
import bpnn.io.model.Ensemble;
import bpnn.io.model.LoadedModel;
import bpnn.io.model.Model;
import bpnn.spi.Backend;
import bpnn.web.DrawingServer;
import bpnn.web.ServedModel;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows a page to draw on. */
@Command(
        name = "serve",
        sortOptions = false,
        description =
                "Shows a page in the browser: draw something, or choose a picture, and see what one or two trained"
                        + " networks make of it, down to their hidden layers. Ctrl-C ends it.")
public final class ServeCommand implements Callable<Integer> {
    private static final int MOST_MODELS = 2;

    private final Session session;

    @Option(
            names = "--model",
            paramLabel = "FILE|DIR",
            required = true,
            description =
                    "Trained network, such as model.safetensors of a run folder, an archive of NumPy (.npz), or the folder of"
                            + " train --members, whose networks judge together; given twice, both are shown side by side.")
    private List<Path> files = new ArrayList<>();

    @Mixin
    private final ForeignModelOptions foreign = new ForeignModelOptions();

    @Mixin
    private final PageOptions page = new PageOptions();

    @Mixin
    private final BackendOptions backends = new BackendOptions();

    public ServeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Desktop.require("The page to draw on");
        page.address();
        if (files.size() > MOST_MODELS) {
            throw new UsageException("--model is given " + files.size() + " times, but the page shows at most "
                    + MOST_MODELS + " networks.");
        }
        List<Ensemble> models = files.stream().map(this::ensemble).toList();
        CountDownLatch stop = new CountDownLatch(1);
        return StopSignal.during(() -> serve(models, stop), stop::countDown);
    }

    private Ensemble ensemble(Path path) {
        List<Model> members = Ensemble.files(path).stream().map(this::model).toList();
        return new Ensemble(members, Combination.PROBABILITIES);
    }

    private Model model(Path file) {
        Model model = foreign.read(file, session);
        InputPicture.checkFits(model.spec().inputs(), model.format());
        return model;
    }

    private int serve(List<Ensemble> models, CountDownLatch stop) {
        List<LoadedModel> loaded = new ArrayList<>();
        try (Backend backend = backends.open(session)) {
            try {
                List<ServedModel> served = new ArrayList<>();
                for (int i = 0; i < models.size(); i++) {
                    List<LoadedModel> members = new ArrayList<>();
                    for (Model model : models.get(i).members()) {
                        loaded.add(LoadedModel.forSingleImages(backend, model));
                        members.add(loaded.get(loaded.size() - 1));
                    }
                    Ensemble ensemble = models.get(i);
                    served.add(new ServedModel(name(i), ensemble.first(), members, ensemble.combination()));
                }
                try (DrawingServer server = page.open(
                        (address, host) -> new DrawingServer(address, host, served, session::faultOfARequest))) {
                    announce(backend, server.port(), served);
                    stop.await();
                }
            } finally {
                loaded.forEach(LoadedModel::close);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.INTERRUPTED;
    }

    private void announce(Backend backend, int listening, List<ServedModel> served) {
        String url = page.url(listening);
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("url", url).put("backend", backend.id());
        ArrayNode names = json.putArray("models");
        served.forEach(model -> names.add(model.name()));
        session.result("Draw at " + url + " (Ctrl-C ends it)", json);
    }

    /** The run folder's name, which says more than {@code model.safetensors} does. */
    private String name(int index) {
        Path file = files.get(index).toAbsolutePath();
        Path folder = file.getParent();
        Path named = folder != null && file.endsWith("model.safetensors") ? folder : file;
        return String.valueOf(named.getFileName());
    }
}

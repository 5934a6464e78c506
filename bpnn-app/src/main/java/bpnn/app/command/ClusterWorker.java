package bpnn.app.command;

import bpnn.app.option.BackendOptions;
import bpnn.app.option.WordConverter;
import bpnn.app.session.CommonOptions;
import bpnn.app.session.Session;
import bpnn.app.session.Terminal;
import bpnn.backend.Selection;
import bpnn.data.DataException;
import bpnn.lab.run.ImagesFile;
import bpnn.lab.run.RunPlan;
import bpnn.lab.work.WorkSite;
import bpnn.spi.Backend;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;
import picocli.CommandLine;

/** What handlers of a cluster's worker have in common: a backend that is chosen there, and images. */
final class ClusterWorker {
    static final String BACKEND = "backend";
    static final String IMAGES = "images";
    static final String TRAIN_SHA256 = "trainSha256";
    static final String TEST_SHA256 = "testSha256";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode settings;
    private final WorkSite site;
    private final Session session;
    private final BackendOptions backends = new BackendOptions();
    private final Selection selection;
    private final ImageCache images = new ImageCache(this::find);

    /** @param settings as {@link ClusterImages} and the options of the backend wrote them */
    ClusterWorker(String settings, WorkSite site) {
        try {
            this.settings = JSON.readTree(settings);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not the settings of a job: " + settings, e);
        }
        this.site = site;
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        this.session = new Session(new Terminal(nowhere, nowhere, false, false, 80), new CommonOptions());
        Map<String, String> options = new TreeMap<>();
        this.settings
                .path(BACKEND)
                .properties()
                .forEach(
                        option -> options.put(option.getKey(), option.getValue().asText()));
        options.put("threads", String.valueOf(site.threads()));
        options.remove("plugins");
        if (Files.isDirectory(site.plugins())) {
            options.put("plugins", site.plugins().toString());
        }
        parse(backends, options);
        this.selection = backends.select(session);
    }

    /** Fills an object with options by their names. */
    static void parse(Object command, Map<String, String> options) {
        CommandLine commandLine = new CommandLine(command);
        WordConverter.register(commandLine);
        List<String> arguments = new ArrayList<>();
        options.forEach((name, value) -> {
            if (!value.equals("false")) {
                arguments.add("--" + name + (value.equals("true") ? "" : "=" + value));
            }
        });
        commandLine.parseArgs(arguments.toArray(String[]::new));
    }

    JsonNode settings() {
        return settings;
    }

    Session session() {
        return session;
    }

    Backend openBackend(OptionalInt gpu) {
        return backends.compute().open(session, selection, gpu);
    }

    ImageSource images() {
        return images;
    }

    private RunPlan.Images find(String key, Supplier<RunPlan.Images> load) {
        Optional<byte[]> sent = site.data(key);
        if (sent.isPresent()) {
            return ImagesFile.read(sent.get());
        }
        RunPlan.Images found = load.get();
        JsonNode wanted = settings.path(IMAGES).path(key);
        check("training", found.trainSha256(), wanted.path(TRAIN_SHA256).asText());
        check("test", found.testSha256(), wanted.path(TEST_SHA256).asText());
        return found;
    }

    private static void check(String what, String found, String wanted) {
        if (!found.equals(wanted)) {
            throw new DataException("The " + what + " images there have the SHA-256 " + found + ", but those here "
                    + wanted + "; let all machines have the same files, or send the images with --spark-data send.");
        }
    }
}

package bpnn.app.command;

import bpnn.app.option.BackendOptions;
import bpnn.app.option.ClusterOptions;
import bpnn.app.option.EffectiveOptions;
import bpnn.app.session.Session;
import bpnn.data.DataException;
import bpnn.io.file.AtomicFile;
import bpnn.lab.run.ImagesFile;
import bpnn.lab.run.RunPlan;
import bpnn.lab.work.AuditedEngine;
import bpnn.lab.work.ClusterEngine;
import bpnn.lab.work.ClusterJob;
import bpnn.lab.work.DeviceWatch;
import bpnn.lab.work.WorkEngine;
import bpnn.lab.work.WorkHandler;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/** Brings a job to a cluster, with the images, the options of the backend and the plug-ins that its workers need. */
final class ClusterSubmission {
    private final Session session;
    private final ClusterOptions cluster;
    private final BackendOptions backends;
    private final ObjectNode settings = JsonNodeFactory.instance.objectNode();
    private final Map<String, Supplier<byte[]>> data = new TreeMap<>();

    ClusterSubmission(Session session, ClusterOptions cluster, BackendOptions backends) {
        this.session = session;
        this.cluster = cluster;
        this.backends = backends;
        backends.compute().check();
        ObjectNode options = settings.putObject(ClusterWorker.BACKEND);
        EffectiveOptions.of(CommandSpec.forAnnotatedObject(backends)).forEach(options::put);
        settings.putObject(ClusterWorker.IMAGES);
    }

    /** What all runs have in common. */
    ObjectNode settings() {
        return settings;
    }

    /** Lets workers have images, by what tells them from others. */
    void add(String key, Supplier<RunPlan.Images> images) {
        if (cluster.sendsImages()) {
            data.put(key, () -> ImagesFile.write(images.get()));
        } else {
            RunPlan.Images here = images.get();
            ((ObjectNode) settings.get(ClusterWorker.IMAGES))
                    .putObject(key)
                    .put(ClusterWorker.TRAIN_SHA256, here.trainSha256())
                    .put(ClusterWorker.TEST_SHA256, here.testSha256());
        }
    }

    /**
     * Reaches the cluster.
     *
     * @param name of the job, for people
     * @param handler who carries runs out; the id of a {@link bpnn.lab.work.WorkHandlerProvider}
     * @param referee computes here what workers do not agree on
     */
    WorkEngine open(String name, String handler, Supplier<WorkHandler> referee) {
        boolean onGpus = backends.names("cuda");
        int threads = backends.compute().threads(1);
        ClusterJob job = new ClusterJob(
                "bpnn " + name, handler, settings.toString(), data, plugins(), threads, onGpus, session::notice);
        ClusterEngine engine = cluster.open(job);
        WorkEngine audited = cluster.audit().isEmpty()
                ? engine
                : new AuditedEngine(engine, cluster.audit().getAsDouble(), referee, session::notice, session::warning);
        return new DeviceWatch(audited, session::warning);
    }

    private List<Path> plugins() {
        Path folder = backends.compute().folder();
        List<Path> jars = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
                files.forEach(jars::add);
            } catch (IOException e) {
                throw new DataException(
                        "The plug-in folder " + folder + " could not be read: " + AtomicFile.reason(e) + ".", e);
            }
        }
        return jars;
    }
}

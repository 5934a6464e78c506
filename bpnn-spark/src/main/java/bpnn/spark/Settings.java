package bpnn.spark;

import bpnn.lab.work.ClusterJob;
import bpnn.spi.BackendException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;

/** How Spark is set up where nobody says otherwise: {@code -Dspark.name=value} before the command does. */
final class Settings {
    private static final Pattern STANDALONE = Pattern.compile("spark://(.+)");
    private static final Pattern ADDRESS = Pattern.compile("\\[?([^\\]]+?)]?(?::(\\d+))?");
    private static final int STANDARD_PORT = 7077;
    private static final int PATIENCE_MILLIS = 5000;

    /** Flags of the JVM without which the CPU backend has no vectors, or slow ones. */
    private static final List<String> FLAGS =
            List.of("--add-modules", "-XX:TypeProfileLevel", "-XX:CompileCommand", "-XX:ObjectAlignmentInBytes");

    private Settings() {}

    static SparkConf of(String master, ClusterJob job) {
        SparkConf conf = new SparkConf();
        if (!master.isEmpty()) {
            conf.setMaster(master);
        }
        conf.setIfMissing("spark.master", "local[*]");
        conf.setIfMissing("spark.app.name", job.name());
        conf.set("spark.task.cpus", String.valueOf(job.threads()));
        // Models come back one by one and are written at once; all together they may be large.
        conf.setIfMissing("spark.driver.maxResultSize", "0");
        conf.setIfMissing("spark.task.maxFailures", "8");
        conf.setIfMissing("spark.speculation", "false");
        // What must not run on some workers waits for another one rather than go there in the end.
        conf.setIfMissing("spark.locality.wait", "1h");
        // Nobody looks at them, and they take the driver's memory.
        conf.setIfMissing("spark.ui.enabled", "false");
        conf.setIfMissing("spark.ui.retainedTasks", "1000");
        conf.setIfMissing("spark.ui.retainedJobs", "10");
        conf.setIfMissing("spark.ui.retainedStages", "10");
        boolean local = conf.get("spark.master").startsWith("local");
        if (local || isLoopback(conf.get("spark.master"))) {
            conf.setIfMissing("spark.driver.host", "127.0.0.1");
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
        }
        if (!local) {
            onCluster(conf, job);
        }
        return conf;
    }

    private static void onCluster(SparkConf conf, ClusterJob job) {
        String jar = CodeHash.jar().toString();
        String jars = conf.get("spark.jars", "");
        if (jars.isEmpty()) {
            conf.set("spark.jars", jar);
        }
        conf.setIfMissing(
                "spark.executor.extraJavaOptions",
                flags(ManagementFactory.getRuntimeMXBean().getInputArguments()));
        if (job.needsGpu()) {
            conf.setIfMissing("spark.executor.resource.gpu.amount", "1");
            conf.setIfMissing("spark.task.resource.gpu.amount", "1");
        }
    }

    /** Of the flags of this process, those that a worker needs too. A value may stand by itself behind its flag. */
    static String flags(List<String> own) {
        return own.stream()
                .filter(flag -> FLAGS.stream().anyMatch(flag::startsWith))
                .collect(Collectors.joining(" "));
    }

    private static boolean isLoopback(String master) {
        Matcher standalone = STANDALONE.matcher(master);
        if (!standalone.matches()) {
            return false;
        }
        try {
            return InetAddress.getByName(
                            address(standalone.group(1).split(",", -1)[0]).getHostString())
                    .isLoopbackAddress();
        } catch (IOException unknown) {
            return false;
        }
    }

    private static InetSocketAddress address(String text) {
        Matcher parts = ADDRESS.matcher(text);
        if (!parts.matches()) {
            throw new BackendException("--spark has the address " + text + ", but HOST:PORT is expected.");
        }
        int port = parts.group(2) == null ? STANDARD_PORT : Integer.parseInt(parts.group(2));
        return InetSocketAddress.createUnresolved(parts.group(1), port);
    }

    /**
     * Asks whether one of the masters listens: Spark itself would try for a minute, and say little.
     *
     * @throws BackendException if none does
     */
    static void checkMaster(String master) {
        Matcher standalone = STANDALONE.matcher(master);
        if (!standalone.matches()) {
            return;
        }
        String reason = "";
        for (String text : standalone.group(1).split(",", -1)) {
            InetSocketAddress address = address(text);
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address.getHostString(), address.getPort()), PATIENCE_MILLIS);
                return;
            } catch (IOException e) {
                reason = e instanceof java.net.UnknownHostException ? "there is no such host" : e.getMessage();
            }
        }
        throw new BackendException("The Spark master " + master + " does not answer: " + reason
                + ". Start it, or name another one with --spark; local[2] needs none.");
    }
}

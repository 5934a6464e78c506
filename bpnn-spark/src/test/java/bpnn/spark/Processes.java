package bpnn.spark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import plugin.FaultyKernels;

/** Programs on this machine: bpnn from its one jar, and Spark's master and workers from Spark's own jars. */
final class Processes implements AutoCloseable {
    static final Path JAR = Path.of(System.getProperty("bpnn.spark.jar"));
    static final Path HOME = Path.of(System.getProperty("bpnn.spark.home"));
    private static final List<String> OPENED = List.of(
            "java.lang",
            "java.lang.invoke",
            "java.lang.reflect",
            "java.io",
            "java.net",
            "java.nio",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "jdk.internal.ref",
            "sun.nio.ch",
            "sun.nio.cs",
            "sun.util.calendar");

    private final Path folder;
    private final List<Process> started = new ArrayList<>();
    private int logs;

    /** @param folder for what they print, and the working folder of all */
    Processes(Path folder) {
        this.folder = folder;
    }

    /** What a program printed, and its exit code. */
    record Ended(int exitCode, String out, String err) {}

    /** A port that nobody listens at. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static List<String> java(String heap, String classPath, String... more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:+UseSerialGC",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-Djava.awt.headless=true",
                "-Dio.netty.tryReflectionSetAccessible=true"));
        OPENED.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        command.addAll(List.of("-cp", classPath));
        command.addAll(List.of(more));
        return command;
    }

    private static String join(Object... parts) {
        List<String> paths = new ArrayList<>();
        for (Object part : parts) {
            paths.add(part.toString());
        }
        return String.join(java.io.File.pathSeparator, paths);
    }

    /** bpnn beside Spark, as {@code ./bpnn ... --spark} starts it. */
    Process bpnn(Object... arguments) throws IOException {
        return start(java("-Xmx700m", join(JAR, HOME.resolve("jars/*")), words("bpnn.app.Main", arguments)), Map.of());
    }

    /** bpnn by Spark's own launcher. */
    Process submit(String master, Object... arguments) throws IOException {
        return start(
                java(
                        "-Xmx700m",
                        HOME.resolve("jars/*").toString(),
                        words(
                                "org.apache.spark.deploy.SparkSubmit",
                                "--master",
                                master,
                                "--conf",
                                "spark.driver.host=127.0.0.1",
                                "--class",
                                "bpnn.app.Main",
                                JAR,
                                arguments)),
                Map.of());
    }

    /** Some main class of the tests beside bpnn and Spark. */
    Process main(String heap, Path classes, String name, Object... arguments) throws IOException {
        return start(java(heap, join(classes, JAR, HOME.resolve("jars/*")), words(name, arguments)), Map.of());
    }

    private static String[] words(Object first, Object... more) {
        List<String> words = new ArrayList<>(List.of(first.toString()));
        for (Object each : more) {
            if (each instanceof Object[] list) {
                for (Object word : list) {
                    words.add(word.toString());
                }
            } else {
                words.add(each.toString());
            }
        }
        return words.toArray(String[]::new);
    }

    /** A master; it answers when this returns. */
    String master() throws Exception {
        int port = freePort();
        Process master = start(
                java(
                        "-Xmx200m",
                        HOME.resolve("jars/*").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dspark.master.rest.enabled=false",
                        "org.apache.spark.deploy.master.Master",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port),
                        "--webui-port",
                        String.valueOf(freePort())),
                Map.of());
        await(master, "I have been elected leader");
        return "spark://127.0.0.1:" + port;
    }

    /**
     * A worker with one core, registered when this returns.
     *
     * @param home of Spark
     * @param fault whether the plug-in of the tests computes wrongly there
     */
    Process worker(String master, Path home, boolean fault) throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("SPARK_HOME", home.toString());
        environment.put("SPARK_SCALA_VERSION", "2.13");
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        if (fault) {
            environment.put(FaultyKernels.VARIABLE, "yes");
        }
        Process worker = start(
                java(
                        "-Xmx200m",
                        home.resolve("jars/*").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "org.apache.spark.deploy.worker.Worker",
                        "--host",
                        "127.0.0.1",
                        "--cores",
                        "1",
                        "--memory",
                        "1g",
                        "--webui-port",
                        String.valueOf(freePort()),
                        "--work-dir",
                        Files.createTempDirectory(folder, "worker").toString(),
                        master),
                environment);
        await(worker, "Successfully registered with master");
        return worker;
    }

    private Process start(List<String> command, Map<String, String> environment) throws IOException {
        int number = ++logs;
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve(number + ".out").toFile())
                .redirectError(folder.resolve(number + ".err").toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private String text(Process process, String kind) throws IOException {
        return Files.readString(folder.resolve((started.indexOf(process) + 1) + kind));
    }

    /** Waits until a program has printed something to its standard error. */
    void await(Process process, String text) throws Exception {
        for (int tenths = 0; tenths < 600; tenths++) {
            if (text(process, ".err").contains(text)) {
                return;
            }
            if (!process.isAlive()) {
                break;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError(
                "\"" + text + "\" was expected, but there is: " + text(process, ".err") + text(process, ".out"));
    }

    /** Waits for the end of a program. */
    Ended end(Process process) throws Exception {
        if (!process.waitFor(180, TimeUnit.SECONDS)) {
            kill(process);
            throw new AssertionError("It did not end: " + text(process, ".err"));
        }
        return new Ended(process.exitValue(), text(process, ".out"), text(process, ".err"));
    }

    /** Ends a program and those that it has started, at once. */
    static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() {
        started.forEach(Processes::kill);
    }
}

package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.Main;
import bpnn.app.TinyData;
import bpnn.app.session.ExitCode;
import bpnn.io.model.Model;
import bpnn.nn.InputScaling;
import bpnn.nn.NetworkSpec;
import bpnn.nn.StateTensor;
import bpnn.spi.Activation;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {
    @TempDir
    static Path folder;

    private static Path model;

    @BeforeAll
    static void train() {
        Cli cli = Cli.run(
                "train",
                "--backend=reference",
                "--dataset=" + TinyData.in(folder),
                "--hidden=4",
                "--epochs=1",
                "--out=" + folder.resolve("run"));
        assertThat(cli.exitCode()).as(cli.err()).isZero();
        model = folder.resolve("run/model.safetensors");
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Cli cli = Cli.run("serve", "--backend=reference", "--model", model, "--port", taken.getLocalPort());

            assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(cli.err())
                    .contains("Port " + taken.getLocalPort() + " of 127.0.0.1 cannot be listened on", "--port 0")
                    .doesNotContain("\tat ");
            assertThat(cli.out()).isEmpty();
        }
    }

    @Test
    void impossibleOptionsAreNamed() {
        assertThat(refused("--model", model, "--port", "70000")).contains("--port is 70000", "between 0 and 65535");
        assertThat(refused("--model", model, "--host", "no such host")).contains("--host is no such host");
        assertThat(refused("--model", model, "--model", model, "--model", model))
                .contains("at most 2 networks");
        assertThat(refused()).contains("--model");
    }

    private static String refused(Object... options) {
        List<Object> arguments = new ArrayList<>(List.of("serve", "--backend=reference"));
        arguments.addAll(List.of(options));
        Cli cli = Cli.run(arguments.toArray());
        assertThat(cli.exitCode()).as(cli.err()).isEqualTo(ExitCode.USAGE);
        return cli.err();
    }

    @Test
    void aModelOfOtherInputsIsADataError() {
        Path small = folder.resolve("small.safetensors");
        new Model(
                        new NetworkSpec(4, List.of(), 2, Activation.TANH, 0, false, false),
                        InputScaling.unit(),
                        new TreeMap<>(Map.of(
                                "fc1.weight",
                                new StateTensor(List.of(2, 4), new float[8]),
                                "fc1.bias",
                                StateTensor.vector(0, 0))))
                .write(small, Map.of());

        Cli cli = Cli.run("serve", "--backend=reference", "--model", small);

        assertThat(cli.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(cli.err()).contains("The model takes 4 values, but does not say what pictures they are of");
    }

    /** In a process of its own, for a signal ends the JVM, and the time limits are read once in its life. */
    @Test
    @Timeout(120)
    @DisabledOnOs(OS.WINDOWS)
    void slowClientsAreCutOffAndCtrlCEndsIt() throws Exception {
        Process process = start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            JsonNode announced = new ObjectMapper().readTree(out.readLine());
            assertThat(announced.get("models").toString()).isEqualTo("[\"run\",\"run\"]");
            URI page = URI.create(announced.get("url").textValue());

            List<Socket> slow = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                slow.add(new Socket(page.getHost(), page.getPort()));
                slow.get(i)
                        .getOutputStream()
                        .write("POST /read HTTP/1.1\r\nHost: localhost\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            slow.get(1)
                    .getOutputStream()
                    .write("Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(status(page)).as("beside slow clients").isEqualTo(200);
            for (Socket socket : slow) {
                socket.setSoTimeout(30_000);
                assertCutOff(socket.getInputStream());
                socket.close();
            }
            assertThat(status(page)).as("after slow clients").isEqualTo(200);

            new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED);
            assertThat(Files.readString(folder.resolve("err"))).doesNotContain("Exception", "\tat ", "error");
        } finally {
            process.destroyForcibly();
        }
    }

    /** The connection ends, perhaps after a refusal, within the time that the socket allows. */
    private static void assertCutOff(InputStream in) {
        try {
            String answer = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).doesNotContain("200 OK");
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("A client that sends nothing more is still connected", e);
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    private static int status(URI page) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(page).build(), BodyHandlers.discarding())
                .statusCode();
    }

    private static Process start() throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--json",
                "--backend=reference",
                "--port=0",
                "--model=" + model,
                "--model=" + model);
        return new ProcessBuilder(command)
                .redirectError(folder.resolve("err").toFile())
                .start();
    }
}

package bpnn.web;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.io.model.LoadedModel;
import bpnn.io.model.Model;
import bpnn.spi.Activation;
import bpnn.spi.Backend;
import bpnn.spi.ReferenceBackend;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as no page would send them too. */
class DrawingServerTest {
    private static final String LINE = "{\"strokes\": [[0.5, 0.1, 0.5, 0.9]]}";

    private static final Backend BACKEND = new ReferenceBackend();
    private static Model model;
    private static LoadedModel loaded;

    private final List<Throwable> faults = Collections.synchronizedList(new ArrayList<>());
    private final HttpClient client = HttpClient.newHttpClient();
    private DrawingServer server;

    @BeforeAll
    static void train() {
        model = TrainedModels.train(1, Activation.TANH, false);
        loaded = LoadedModel.forSingleImages(BACKEND, model);
    }

    @AfterAll
    static void close() {
        loaded.close();
        BACKEND.close();
    }

    @BeforeEach
    void serve() throws IOException {
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", 0);
        server = new DrawingServer(address, "127.0.0.1", List.of(new ServedModel("small", model, loaded)), faults::add);
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(faults).isEmpty();
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(at(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(byte[] body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(at("/read"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String body) throws Exception {
        return post(body.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return new ObjectMapper().readTree(response.body());
    }

    /** What comes back for bytes that no client library would send; everything up to the end of the connection. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private void assertStillServing() throws Exception {
        assertThat(post(LINE).statusCode()).isEqualTo(200);
    }

    @Test
    void aDrawingIsReadPixelByPixelAndUnitByUnit() throws Exception {
        JsonNode answer = json(post(LINE));

        assertThat(answer.get("pixels")).hasSize(784);
        JsonNode reading = answer.get("readings").get(0);
        assertThat(reading.get("probabilities")).hasSize(10);
        double sum = 0;
        for (JsonNode probability : reading.get("probabilities")) {
            sum += probability.doubleValue();
        }
        assertThat(sum).isBetween(0.9999, 1.0001);
        assertThat(reading.get("hidden").get(0)).hasSize(64);
        assertThat(reading.get("hidden").get(1)).hasSize(32);
    }

    /** tanh(W·x + b), computed here in float64 from the file's weights and the pixels that were sent back. */
    @Test
    void theActivationsAreThoseOfTheNetwork() throws Exception {
        JsonNode answer = json(post(LINE));

        float[] weight = model.state().get("fc1.weight").values();
        float[] bias = model.state().get("fc1.bias").values();
        for (int unit = 0; unit < 64; unit++) {
            double sum = bias[unit];
            for (int i = 0; i < 784; i++) {
                sum += weight[unit * 784 + i] * answer.get("pixels").get(i).intValue() / 255.0;
            }
            assertThat(answer.at("/readings/0/hidden/0/" + unit).doubleValue())
                    .as("unit %d", unit)
                    .isBetween(Math.tanh(sum) - 6e-4, Math.tanh(sum) + 6e-4);
        }
    }

    @Test
    void theWeightsOfAUnitAreThoseOfTheFile() throws Exception {
        JsonNode weights = json(get("/weights?model=0&unit=7")).get("weights");

        assertThat(weights).hasSize(784);
        float[] all = model.state().get("fc1.weight").values();
        assertThat(weights.get(300).doubleValue()).isBetween(all[7 * 784 + 300] - 1e-6, all[7 * 784 + 300] + 1e-6);
    }

    @Test
    void modelsAreDescribed() throws Exception {
        JsonNode described = json(get("/models")).at("/models/0");

        assertThat(described.get("name").textValue()).isEqualTo("small");
        assertThat(described.get("hidden").toString()).isEqualTo("[64,32]");
        assertThat(described.get("activation").textValue()).isEqualTo("tanh");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page.js", "/models", "/nothing", "/weights"})
    void everyAnswerForbidsWhatIsNotOurs(String path) throws Exception {
        HttpResponse<String> response = get(path);

        assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .contains("frame-ancestors 'none'", "form-action 'none'")
                .doesNotContain("unsafe", "*");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 400",
                "{ | 400",
                "[] | 400",
                "null | 400",
                "{\"strokes\": 7} | 400",
                "{\"strokes\": []} | 422",
                "{\"strokes\": [[]]} | 400",
                "{\"strokes\": [[0.5]]} | 400",
                "{\"strokes\": [[0.5, 0.5, 0.5]]} | 400",
                "{\"strokes\": [[0.5, \"x\"]]} | 400",
                "{\"strokes\": [[0.5, null]]} | 400",
                "{\"strokes\": [[0.5, 1.5]]} | 400",
                "{\"strokes\": [[-1e999, 0.5]]} | 400",
                "{\"strokes\": [[NaN, 0.5]]} | 400",
                "{\"strokes\": [{}]} | 400",
                "{\"strokes\": [[0.5, 0.5]]} more | 400",
                "{\"strokes\": [[[[[[[[[[0.5, 0.5]]]]]]]]]]} | 400",
                "{\"strokes\": [[0.00000000000000000000000000000000000000000000000001, 0.5]]} | 400",
            })
    void aMalformedDrawingIsRefusedWithASentence(String body, int status) throws Exception {
        HttpResponse<String> response = post(body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(json(response).get("error").textValue()).endsWith(".");
        assertStillServing();
    }

    @Test
    void tooManyPointsAreRefused() throws Exception {
        String points = "0,0,".repeat(10_001);

        HttpResponse<String> response = post("{\"strokes\": [[" + points.substring(0, points.length() - 1) + "]]}");

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("more than 10000 points");
    }

    @Test
    void aHugeBodyIsRefusedWhetherItsLengthIsToldOrNot() throws Exception {
        byte[] huge = new byte[DrawingRequest.MAX_BYTES + 1];
        assertThat(post(huge).statusCode()).isEqualTo(413);

        HttpRequest chunked = HttpRequest.newBuilder(at("/read"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(huge)))
                .build();
        assertThat(client.send(chunked, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
        assertStillServing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "POST /read HTTP/1.1\r\nHost: evil.example:8028\r\nContent-Type: application/json\r\nContent-Length:"
                        + " 2\r\n\r\n{}",
            })
    void aNameThatIsNotOursIsRefused(String request) throws Exception {
        assertThat(raw(request)).startsWith("HTTP/1.1 421");
    }

    @Test
    void anotherSitesPageIsRefused() throws Exception {
        String request = "POST /read HTTP/1.1\r\nHost: localhost\r\nOrigin: %s\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + LINE.length() + "\r\nConnection: close\r\n\r\n" + LINE;

        assertThat(raw(request.formatted("http://evil.example"))).startsWith("HTTP/1.1 403");
        assertThat(raw(request.formatted("null"))).startsWith("HTTP/1.1 403");
        assertThat(raw(request.formatted("http://localhost"))).startsWith("HTTP/1.1 200");
    }

    @Test
    void aFormOfAnotherSiteCannotSendJson() throws Exception {
        HttpRequest form = HttpRequest.newBuilder(at("/read"))
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(LINE))
                .build();

        assertThat(client.send(form, BodyHandlers.ofString()).statusCode()).isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n\r\n",
                "nonsense\r\n\r\n",
                "GET\r\n\r\n",
                "GET http:// HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
                "POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked"
                        + "\r\n\r\nzz\r\n",
                "POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
            })
    void whatIsNoRequestDoesNoHarm(String request) throws Exception {
        assertThat(raw(request)).doesNotStartWith("HTTP/1.1 200").doesNotContain("\tat ");
        assertStillServing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../page.html",
                "/page.html",
                "/..%2f..%2fetc/passwd",
                "/DrawingClassifier.class",
                "//page.js",
                "/page.js/"
            })
    void thereAreNoOtherFiles(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"model=0&unit=64, 404", "model=1&unit=0, 404", "model=0, 400", "model=0&unit=-1, 400", "'', 400"})
    void unitsThatDoNotExistAreRefused(String query, int status) throws Exception {
        assertThat(get("/weights?" + query).statusCode()).isEqualTo(status);
    }

    @Test
    void otherMethodsAreRefused() throws Exception {
        assertThat(raw("DELETE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405");
        assertThat(raw("HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .doesNotContain("<html");
    }

    @Test
    void whoAsksTooOftenIsToldToSlowDown() throws Exception {
        HttpRequest icon = HttpRequest.newBuilder(at("/icon.svg")).build();
        Set<Integer> seen = new TreeSet<>();
        for (int i = 0; i < 40; i++) {
            List<CompletableFuture<HttpResponse<String>>> together = new ArrayList<>();
            for (int j = 0; j < 20; j++) {
                together.add(client.sendAsync(icon, BodyHandlers.ofString()));
            }
            together.forEach(answer -> seen.add(answer.join().statusCode()));
        }

        assertThat(seen).containsExactly(200, 429);
        Thread.sleep(100);
        assertThat(get("/icon.svg").statusCode()).isEqualTo(200);
    }
}

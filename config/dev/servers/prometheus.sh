# shellcheck shell=bash
# Prometheus: scrapes itself and whatever the tests name in the targets file, every second.

listeners[prometheus]=prometheus

prometheus_configure() {
    pick_ports prometheus
    mkdir -p "$run/prometheus"
    printf '[]\n' >"$run/prometheus/targets.json"
    cat >"$run/prometheus/prometheus.yml" <<-END
		global:
		  scrape_interval: 1s
		  scrape_timeout: 1s
		scrape_configs:
		- job_name: prometheus
		  static_configs:
		  - targets: ["127.0.0.1:${ports[prometheus]}"]
		- job_name: test
		  file_sd_configs:
		  - files: ["$run/prometheus/targets.json"]
		    refresh_interval: 1s
	END
}

prometheus_command() {
    command=(
        prometheus --config.file="$run/prometheus/prometheus.yml" --storage.tsdb.path="$run/prometheus/data"
        --web.listen-address="127.0.0.1:${ports[prometheus]}" --log.level=warn
    )
}

prometheus_answers() {
    curl --silent --fail --noproxy '*' --max-time 5 "http://127.0.0.1:${ports[prometheus]}/-/ready"
}

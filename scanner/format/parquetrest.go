package format

func (p *parquetReader) pages() {}
